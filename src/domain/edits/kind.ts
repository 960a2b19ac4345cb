import { z } from "zod";
import type { Size } from "../clip.ts";

// The content policy of the page forbids the code that zod would compile.
z.config({ jitless: true });

export const MAX_EDIT_FRAMES = 2048;

/** Of the horizon: 0 is the frame after "now". */
export const editFrame = z
  .int()
  .min(0)
  .max(MAX_EDIT_FRAMES - 1);
/** A coordinate, videoPx. */
export const editPx = z.number().min(-1e6).max(1e6);
/** Index of a point of the history. */
export const editPoint = z.int().min(0).max(16_383);

/**
 * What every edit has. `strength` is "exact" or a standard deviation in px. Outside its frames
 * [first, last] an edit leaves its points free, holds them at its end, or (`coast`) lets them go on
 * with their end velocity, which fades. `ease` is a cubic Bézier (x1,y1,x2,y2) of time to progress.
 */
export const commonFields = {
  id: z.string().min(1).max(64),
  name: z.string().max(200),
  /** Off: kept in the list, ignored by the forecast. */
  on: z.boolean(),
  frames: z.tuple([editFrame, editFrame]),
  ease: z.tuple([
    z.number().min(0).max(1),
    z.number().min(-10).max(10),
    z.number().min(0).max(1),
    z.number().min(-10).max(10),
  ]),
  /** `scene`: positions lie in the picture of "now" and follow the camera; `screen`: where they say. */
  space: z.enum(["scene", "screen"]),
  before: z.enum(["free", "hold"]),
  after: z.enum(["free", "hold", "coast"]),
  strength: z.union([z.literal("exact"), z.number().gt(0).max(1e4)]),
  /** Present and true: its displacement is added to that of the edits before it, instead of replacing it. */
  adds: z.boolean().optional(),
};

const commonSchema = z.object(commonFields);
export type CommonEdit = z.infer<typeof commonSchema>;

/** What every kind of edit begins with. */
export const COMMON_DEFAULTS = {
  on: true,
  ease: [0, 0, 1, 1],
  space: "screen",
  before: "free",
  after: "free",
  strength: "exact",
} satisfies Partial<CommonEdit>;

/** What an edit is laid over. */
export interface EditScene {
  /** [N,2] (x,y) videoPx: the points at "now". */
  readonly startN2: Float32Array;
  /** Frames of the horizon. */
  readonly frameCount: number;
  /** Of the working frame, px; absent: the studio's own. */
  readonly frame?: Size;
}

/** Where an edit wants one point from its first frame to its last. */
export interface AuthoredPath {
  readonly point: number;
  /** [last − first + 1, 2] (x,y) videoPx in the edit's space. */
  readonly positionsT2: Float32Array;
  /** Standard deviation around it, px, where this point is held more loosely than the edit says. */
  readonly sigmaPx?: number;
  /** [last − first + 1] 1 = turned away: it cannot be seen. Absent: it is left to the forecast. */
  readonly hiddenT?: Uint8Array;
}

/** A place of an edit that can be seen and taken hold of. */
export interface Handle {
  /** Of the horizon: 0 is the frame after "now". */
  readonly frame: number;
  readonly x: number;
  readonly y: number;
  /** Where its point is at "now". */
  readonly fromX: number;
  readonly fromY: number;
  /** The way that leads here from "now", (x,y) videoPx; absent where it is straight. */
  readonly pathM2?: readonly (readonly [number, number])[];
  /** Of the patch around its point at "now", videoPx. */
  readonly radius?: number;
}

/** From what an edit was laid over to something else: another clip, size, rate or grid. */
export interface EditMapping {
  readonly from: EditScene;
  readonly to: EditScene;
  /** videoPx there to videoPx here. */
  place(at: readonly [number, number]): [number, number];
  /** Frames here a frame there. */
  readonly rate: number;
  /** A frame of the horizon there to the one here that is as many seconds after "now". */
  frame(frame: number): number;
  /** A length, px to px. */
  length(px: number): number;
  /** The point of `to` that stands where that one of `from` did; null where none is near. */
  point(point: number): number | null;
}

/** One kind of edit: all that the engine, the document and the picture need to know of it. */
export interface EditKind<E extends CommonEdit> {
  /** In words for the user. */
  readonly label: string;
  /** Paths of its points; those that the scene lacks are left out. */
  paths(edit: E, scene: EditScene): readonly AuthoredPath[];
  handles(edit: E, scene: EditScene): readonly Handle[];
  /**
   * The same over something else; null where none of its points is there. Its frames are those of `to`
   * already and may end after its horizon: what comes after it is cut off, not squeezed.
   */
  mapped(edit: E, mapping: EditMapping): E | null;
  /** The edit in other frames, as its bar in time is moved or trimmed. Default: its path takes as long. */
  withFrames?(edit: E, frames: readonly [number, number]): E;
}

/** Those points that `mapping` has, each once, in their order. */
export function mappedPoints(points: readonly number[], mapping: EditMapping): number[] {
  const found = points.map((point) => mapping.point(point)).filter((point) => point !== null);
  return [...new Set(found)];
}

/** [first, last] within a horizon, in order. */
export function framesWithin([a, b]: readonly [number, number], frameCount: number) {
  const clamp = (frame: number) => Math.min(Math.max(0, frame), frameCount - 1);
  return [clamp(Math.min(a, b)), clamp(Math.max(a, b))] as const;
}

/** What `make` gives for an edit over a scene, made once: neither is ever changed. */
export function onceFor<E extends object, R>(make: (edit: E, scene: EditScene) => R) {
  const known = new WeakMap<E, { readonly scene: EditScene; readonly made: R }>();
  return (edit: E, scene: EditScene): R => {
    const last = known.get(edit);
    const { startN2, frameCount } = scene;
    if (last?.scene.startN2 === startN2 && last.scene.frameCount === frameCount) return last.made;
    const made = make(edit, scene);
    known.set(edit, { scene, made });
    return made;
  };
}

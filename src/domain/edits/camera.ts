import { z } from "zod";
import type { Size } from "../clip.ts";
import { focalPxOfFov, frameCentre } from "../pinhole.ts";
import { WORKING_SIZE } from "../studio-defaults.ts";
import { CAMERA_MOVE_IDS, type CameraMove, clampedAmount, moveFacts } from "./camera-moves.ts";
import { type Assumed, assumedSchema } from "./depth.ts";
import type { EditKind } from "./kind.ts";
import {
  COMMON_DEFAULTS,
  commonFields,
  editFrame,
  editPx,
  framesWithin,
  MAX_EDIT_FRAMES,
} from "./kind.ts";
import { strokeSamples } from "./stroke.ts";

const degrees = z.number().min(-3600).max(3600);
const depths = z.number().min(-1000).max(1000);

/** Where the camera is in one frame: degrees and pivot depths as `CAMERA_MOVES` says them. */
export const cameraKeySchema = z.object({
  frame: editFrame,
  pan: degrees,
  tilt: degrees,
  roll: degrees,
  x: depths,
  y: depths,
  z: depths,
  zoom: z.number().min(0.01).max(100),
});

export type CameraKey = z.infer<typeof cameraKeySchema>;

/**
 * What the camera does in the edit's frames, by its ease; it starts as the picture of "now" was taken
 * and stays at its end (`after` "hold") or lets the forecast's camera go on ("free"). With `adds` it
 * comes on top of the cameras before it, that of the forecast first; without, those stand still while
 * it moves. `pivot`: the place in the picture of "now" that it turns about and whose depth it counts by.
 */
export const cameraSchema = z.object({
  ...commonFields,
  kind: z.literal("camera"),
  move: z.enum(CAMERA_MOVE_IDS),
  amount: z.number().min(-3600).max(3600),
  /** Of moves that go round. */
  turns: z.number().min(0).max(100).optional(),
  pivot: z.tuple([editPx, editPx]),
  /** Of `handheld`. */
  seed: z.int().min(0).max(4_294_967_295).optional(),
  /** Of `follow`: (x, y, ms), the way of the mouse. */
  samples: strokeSamples.optional(),
  /** Of `keys`, by frame. */
  keys: z.array(cameraKeySchema).max(MAX_EDIT_FRAMES).optional(),
  /** Of `keys`: how many times as far as they say the camera travels; absent: once. */
  travel: z.number().min(0).max(1000).optional(),
  assumed: assumedSchema,
});

export type CameraEdit = z.infer<typeof cameraSchema>;

export const cameraKind: EditKind<CameraEdit> = {
  label: "Camera",
  paths: () => [],
  handles(edit, { frameCount, frame = WORKING_SIZE }) {
    const [first, last] = framesWithin(edit.frames, frameCount);
    const [fromX, fromY] = edit.pivot;
    const pivot = { frame: first, x: fromX, y: fromY, fromX, fromY };
    const [x, y] = gripOf(edit, frame);
    if (x === fromX && y === fromY && !edit.samples) return [pivot];
    const pathM2 = edit.samples?.map(([sx, sy]) => [sx, sy] as const);
    return [pivot, { frame: last, x, y, fromX, fromY, ...(pathM2 ? { pathM2 } : {}) }];
  },
  mapped(edit, mapping) {
    const { samples, keys, assumed } = edit;
    const { depth, layers } = assumed;
    return {
      ...edit,
      pivot: mapping.place(edit.pivot),
      ...(samples && {
        samples: samples.map(([x, y, ms]): [number, number, number] => [
          ...mapping.place([x, y]),
          ms,
        ]),
      }),
      ...(keys && { keys: keys.map((key) => ({ ...key, frame: mapping.frame(key.frame) })) }),
      assumed: {
        ...assumed,
        depth:
          depth.source === "ground"
            ? { ...depth, horizon: mapping.place([0, depth.horizon])[1] }
            : depth,
        layers: layers.map((layer) => ({
          radius: mapping.length(layer.radius),
          strokes: layer.strokes.map((stroke) => stroke.map((place) => mapping.place(place))),
        })),
      },
    };
  },
  withFrames(edit, [first, last]) {
    const by = first - edit.frames[0];
    const keys = edit.keys?.map((key) => ({ ...key, frame: Math.max(0, key.frame + by) }));
    return { ...edit, frames: [first, last], ...(keys ? { keys } : {}) };
  },
};

/** A camera that makes its usual move over the whole horizon, in place of the forecast's. */
export function cameraOf(
  { id, name }: Pick<CameraEdit, "id" | "name">,
  move: CameraMove,
  pivot: readonly [number, number],
  assumed: Assumed,
  frameCount: number,
): CameraEdit {
  const { ease, ...common } = COMMON_DEFAULTS;
  return {
    ...common,
    ease: [...ease],
    after: "hold",
    id,
    name,
    kind: "camera",
    frames: [0, frameCount - 1],
    move,
    amount: moveFacts(move).usual,
    pivot: [...pivot],
    assumed,
  };
}

/** The same camera with another move, by its usual amount. */
export function withMove(edit: CameraEdit, move: CameraMove): CameraEdit {
  const { samples: _, keys, turns: __, travel: ___, ...rest } = edit;
  const known = keys ?? [{ ...STILL_KEY, frame: edit.frames[1] }];
  return {
    ...rest,
    move,
    amount: moveFacts(move).usual,
    ...(move === "keys" ? { keys: known } : {}),
  };
}

export const STILL_KEY: Omit<CameraKey, "frame"> = {
  pan: 0,
  tilt: 0,
  roll: 0,
  x: 0,
  y: 0,
  z: 0,
  zoom: 1,
};

/** The keys with `key` in the place of that of its frame, in the order of time. */
export function withKey(edit: CameraEdit, key: CameraKey): CameraEdit {
  const others = (edit.keys ?? []).filter(({ frame }) => frame !== key.frame);
  const keys = [...others, key].sort((a, b) => a.frame - b.frame);
  return { ...edit, move: "keys", keys };
}

/** The camera after a hand that took hold at `from` has come to `to`. */
export function cameraByHand(
  edit: CameraEdit,
  from: readonly [number, number],
  to: readonly [number, number],
  frame: Size,
): CameraEdit {
  const amount = moveFacts(edit.move).amount?.({ ...handOf(edit, frame), from, to });
  if (amount === undefined) return edit;
  // A hand is no finer than that, and the panel shows no more.
  return { ...edit, amount: clampedAmount(edit.move, Math.round(amount * 100) / 100) };
}

/** Where the hand is that took hold at the pivot and moved the camera as it moves. */
export function gripOf(edit: CameraEdit, frame: Size): readonly [number, number] {
  if (edit.move === "follow" && edit.samples) {
    const [x, y] = edit.samples[edit.samples.length - 1];
    return [x, y];
  }
  const grip = moveFacts(edit.move).grip?.(
    { ...handOf(edit, frame), from: edit.pivot },
    edit.amount,
  );
  return grip ?? edit.pivot;
}

function handOf({ assumed }: CameraEdit, frame: Size) {
  return { centre: frameCentre(frame), focalPx: focalPxOfFov(assumed.fovDegrees, frame) };
}

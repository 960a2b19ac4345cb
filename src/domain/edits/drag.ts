import { z } from "zod";
import { easedProgress } from "./easing.ts";
import type { AuthoredPath, EditKind, EditScene } from "./kind.ts";
import { COMMON_DEFAULTS, commonFields, editPx, framesWithin } from "./kind.ts";
import {
  MAX_STROKE_SAMPLES,
  type Stroke,
  type StrokeSample,
  strokeOf,
  strokeSamples,
  thinnedSamples,
} from "./stroke.ts";

const MIN_RADIUS_PX = 2;
const MAX_RADIUS_PX = 1000;

/**
 * A patch of the picture that follows a drawn path. Points within `radius` of `centre` take part; inside
 * `hardness`·radius they follow exactly, from there to the rim they follow less and less. `timing`:
 * "drawn" moves as fast and slow as the hand did, "even" by the edit's ease. `twistDegrees` and `scale`
 * are what the patch has turned (clockwise on the screen) and grown by at the end.
 */
export const dragSchema = z.object({
  ...commonFields,
  kind: z.literal("drag"),
  samples: strokeSamples,
  centre: z.tuple([editPx, editPx]),
  radius: z.number().min(MIN_RADIUS_PX).max(MAX_RADIUS_PX),
  hardness: z.number().min(0).max(1),
  timing: z.enum(["drawn", "even"]),
  twistDegrees: z.number().min(-3600).max(3600).optional(),
  scale: z.number().gt(0).max(100).optional(),
});

export type DragEdit = z.infer<typeof dragSchema>;

/** What a drag takes along: see `dragSchema`. */
export type Patch = Pick<DragEdit, "radius" | "hardness">;

export const DEFAULT_PATCH: Patch = { radius: 64, hardness: 1 };
/** That keys and hands choose from, px; numbers may say more. */
const RADIUS_PX = { least: 2, most: 200 };
const RADIUS_STEP = 1.15;
const HARDNESS_STEP = 0.1;

/** The patch after one step up (1) or down (−1) of its radius, or of its hardness. */
export function steppedPatch({ radius, hardness }: Patch, of: keyof Patch, step: 1 | -1): Patch {
  if (of === "hardness") {
    const next = Math.round(10 * (hardness + step * HARDNESS_STEP)) / 10;
    return { radius, hardness: Math.min(1, Math.max(0, next)) };
  }
  const next = Math.round(radius * RADIUS_STEP ** step) || RADIUS_PX.least;
  // Small radii change by a pixel at least.
  const moved = next === radius ? radius + step : next;
  return { radius: Math.min(RADIUS_PX.most, Math.max(RADIUS_PX.least, moved)), hardness };
}

/** Deviation of a point that follows by the share w is this over w, px. */
const SOFT_PX = 4;
/** Points that follow by less than this are left to the forecast. */
const LEAST_SHARE = 0.05;

export const dragKind: EditKind<DragEdit> = {
  label: "Drag",
  paths(edit, scene) {
    const [first, last] = framesWithin(edit.frames, scene.frameCount);
    const way = wayOf(edit, first, last);
    return pointsOf(edit, scene).map(({ point, share, offset }) => ({
      point,
      positionsT2: pathOf(scene.startN2, point, share, offset, edit, way),
      ...(share < 1 ? { sigmaPx: SOFT_PX / share } : {}),
    }));
  },
  handles(edit, scene) {
    const [first, last] = framesWithin(edit.frames, scene.frameCount);
    const [fromX, fromY] = edit.centre;
    const [x0, y0] = edit.samples[0];
    const pathM2 = edit.samples.map(([x, y]) => [fromX + x - x0, fromY + y - y0] as const);
    const [x, y] = pathM2[pathM2.length - 1];
    return [
      { frame: first, x: fromX, y: fromY, fromX, fromY, radius: edit.radius },
      { frame: last, x, y, fromX, fromY, pathM2 },
    ];
  },
  mapped(edit, mapping) {
    const cut = cutAt(edit, mapping.to.frameCount - 1);
    const samples = cut.samples.map(([x, y, millis]): [number, number, number] => {
      return [...mapping.place([x, y]), millis];
    });
    const radius = Math.min(MAX_RADIUS_PX, Math.max(MIN_RADIUS_PX, mapping.length(cut.radius)));
    return { ...cut, samples, centre: mapping.place(cut.centre), radius };
  },
};

/** The drag without what it does after the frame `last`, as fast as before until there. */
function cutAt(edit: DragEdit, last: number): DragEdit {
  const [first, end] = edit.frames;
  if (end <= last || first > last) return edit;
  const { progressT, displacementT2 } = wayOf(edit, first, end);
  const [x, y] = edit.samples[0];
  const samples = Array.from({ length: last - first + 1 }, (_, t): [number, number, number] => {
    return [x + displacementT2[2 * t], y + displacementT2[2 * t + 1], t * CUT_SAMPLE_MILLIS];
  });
  const share = progressT[last - first];
  return {
    ...edit,
    frames: [first, last],
    samples,
    timing: "drawn",
    ...(edit.twistDegrees === undefined ? {} : { twistDegrees: edit.twistDegrees * share }),
    ...(edit.scale === undefined ? {} : { scale: edit.scale ** share }),
  };
}

/** Far enough apart that the smoothing of a hand's trembling leaves them where they are. */
const CUT_SAMPLE_MILLIS = 1000;

/** A drag with the common defaults; drawn with a hand, or `even` between two places. */
export function dragOf(
  { id, name }: Pick<DragEdit, "id" | "name">,
  frames: readonly [number, number],
  samples: readonly StrokeSample[],
  timing: DragEdit["timing"],
): DragEdit {
  const { ease, ...common } = COMMON_DEFAULTS;
  const [x, y, start] = samples[0];
  return {
    ...common,
    ease: [...ease],
    id,
    name,
    kind: "drag",
    frames: [...frames],
    samples: thinnedSamples(samples, MAX_STROKE_SAMPLES).map(([sx, sy, millis]) => {
      return [sx, sy, millis - start];
    }),
    centre: [x, y],
    ...DEFAULT_PATCH,
    timing,
  };
}

/** How far the patch has gone at the end, px. */
export function dragDisplacement({ samples }: DragEdit): readonly [number, number] {
  const [[x0, y0], [x1, y1]] = [samples[0], samples[samples.length - 1]];
  return [x1 - x0, y1 - y0];
}

/** The same drag from another place: patch and path move together. */
export function dragFrom(edit: DragEdit, [x, y]: readonly [number, number]): DragEdit {
  const [dx, dy] = [x - edit.centre[0], y - edit.centre[1]];
  const samples = edit.samples.map(([sx, sy, millis]): [number, number, number] => {
    return [sx + dx, sy + dy, millis];
  });
  return { ...edit, centre: [x, y], samples };
}

/** The same drag with another end: its path is bent evenly along its length. */
export function dragTo(edit: DragEdit, displacement: readonly [number, number]): DragEdit {
  const [hadX, hadY] = dragDisplacement(edit);
  const [dx, dy] = [displacement[0] - hadX, displacement[1] - hadY];
  const { samples } = edit;
  const lengths = [0];
  for (let i = 1; i < samples.length; i++) {
    const step = Math.hypot(samples[i][0] - samples[i - 1][0], samples[i][1] - samples[i - 1][1]);
    lengths.push(lengths[i - 1] + step);
  }
  const whole = lengths[lengths.length - 1];
  if (samples.length === 1) {
    const [x, y, millis] = samples[0];
    return { ...edit, samples: [samples[0], [x + dx, y + dy, millis]] };
  }
  const bent = samples.map(([x, y, millis], i): [number, number, number] => {
    const share = whole > 0 ? lengths[i] / whole : i / (samples.length - 1);
    return [x + share * dx, y + share * dy, millis];
  });
  return { ...edit, samples: bent };
}

/** Per frame: how far along the patch is, and its displacement. */
interface Way {
  readonly progressT: Float64Array;
  readonly displacementT2: Float64Array;
}

function wayOf(edit: DragEdit, first: number, last: number): Way {
  const stroke: Stroke = strokeOf(edit.samples as readonly StrokeSample[]);
  const [startX, startY] = stroke.atLength(0);
  const count = last - first + 1;
  const progressT = new Float64Array(count);
  const displacementT2 = new Float64Array(2 * count);
  for (let t = 0; t < count; t++) {
    // A drag of one frame is at its end there.
    const u = count > 1 ? t / (count - 1) : 1;
    const eased = easedProgress(edit.ease, u);
    const [x, y] = edit.timing === "drawn" ? stroke.atTime(u) : stroke.atLength(eased);
    progressT[t] = edit.timing === "drawn" ? u : eased;
    displacementT2[2 * t] = x - startX;
    displacementT2[2 * t + 1] = y - startY;
  }
  return { progressT, displacementT2 };
}

interface Member {
  readonly point: number;
  /** 1 = follows exactly. */
  readonly share: number;
  readonly offset: readonly [number, number];
}

/** The points that take part; where the patch holds none, the nearest one follows it. */
function pointsOf({ centre, radius, hardness }: DragEdit, { startN2 }: EditScene): Member[] {
  const members: Member[] = [];
  let nearest: Member | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let point = 0; point < startN2.length / 2; point++) {
    const offset = [startN2[2 * point] - centre[0], startN2[2 * point + 1] - centre[1]] as const;
    const distance = Math.hypot(...offset);
    const share = followShare(distance, radius, hardness);
    if (share >= LEAST_SHARE) members.push({ point, share, offset });
    if (distance < least) {
      least = distance;
      nearest = { point, share: 1, offset };
    }
  }
  return members.length > 0 || !nearest ? members : [nearest];
}

/** 1 inside the hard part, falling smoothly (smoothstep) to 0 at the rim. */
function followShare(distance: number, radius: number, hardness: number): number {
  const hard = hardness * radius;
  if (distance > radius) return 0;
  if (distance <= hard) return 1;
  const u = (distance - hard) / (radius - hard);
  return 1 - u * u * (3 - 2 * u);
}

function pathOf(
  startN2: Float32Array,
  point: number,
  share: number,
  [ox, oy]: readonly [number, number],
  { twistDegrees = 0, scale = 1 }: DragEdit,
  { progressT, displacementT2 }: Way,
): AuthoredPath["positionsT2"] {
  const positionsT2 = new Float32Array(displacementT2.length);
  for (let t = 0; t < progressT.length; t++) {
    const angle = (progressT[t] * twistDegrees * Math.PI) / 180;
    const grown = scale ** progressT[t];
    const [c, s] = [grown * Math.cos(angle), grown * Math.sin(angle)];
    const turnedX = c * ox - s * oy - ox;
    const turnedY = s * ox + c * oy - oy;
    positionsT2[2 * t] = startN2[2 * point] + share * (displacementT2[2 * t] + turnedX);
    positionsT2[2 * t + 1] = startN2[2 * point + 1] + share * (displacementT2[2 * t + 1] + turnedY);
  }
  return positionsT2;
}

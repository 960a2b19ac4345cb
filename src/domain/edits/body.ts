import { z } from "zod";
import { type Corner, type Corners, quadMap } from "./card.ts";
import { easedProgress } from "./easing.ts";
import type { AuthoredPath, EditKind, EditScene } from "./kind.ts";
import { COMMON_DEFAULTS, commonFields, editPx, framesWithin } from "./kind.ts";
import { type Spin, spinOf } from "./spin.ts";
import { strokeOf, strokeSamples } from "./stroke.ts";

const place = z.tuple([editPx, editPx]);
const radius = z.number().gt(0).max(2000);

/**
 * A body that a drag turns, seen from far away. `ball`: an ellipsoid of the radii; `cylinder`: upright,
 * as wide as the first radius and as high as the second; `card`: flat, its corners go to `corners`.
 * `samples` (x,y,ms): the hand that turns it; `absolute`: from where it took hold to where it is now,
 * so that it comes back with the hand; `rolling`: on and on, any number of turns. `carry`: how far the
 * body itself goes, px.
 */
export const bodySchema = z.object({
  ...commonFields,
  kind: z.literal("body"),
  shape: z.enum(["ball", "cylinder", "card"]),
  centre: place,
  radii: z.tuple([radius, radius]),
  turning: z.enum(["absolute", "rolling"]),
  samples: strokeSamples,
  carry: place.optional(),
  /** Of a card: upper left, upper right, lower right, lower left. */
  corners: z.tuple([place, place, place, place]).optional(),
});

export type BodyEdit = z.infer<typeof bodySchema>;
export type BodyShape = BodyEdit["shape"];

/** Half the width and height of one that no hand sized, videoPx. */
export const USUAL_RADIUS = 80;

export const BODY_LABELS: Readonly<Record<BodyShape, string>> = {
  ball: "Ball",
  cylinder: "Cylinder",
  card: "Card",
};

export const bodyKind: EditKind<BodyEdit> = {
  label: "Body",
  paths(edit, scene) {
    const members = membersOf(edit, scene);
    const moving = edit.shape === "card" ? cardPaths(edit, scene) : roundPaths(edit, scene);
    return members.map((point) => moving(point));
  },
  handles(edit, scene) {
    const [first, last] = framesWithin(edit.frames, scene.frameCount);
    const [fromX, fromY] = edit.centre;
    const [dx, dy] = edit.carry ?? [0, 0];
    const centre = { frame: last, x: fromX + dx, y: fromY + dy, fromX, fromY };
    if (edit.shape === "card") {
      const starts = cornersOf(edit);
      const corners = endCorners(edit).map(([x, y], i) => {
        const [startX, startY] = starts[i];
        return { frame: last, x, y, fromX: startX, fromY: startY };
      });
      return [{ ...centre, frame: first }, ...corners];
    }
    const pathM2 = edit.samples.map(([x, y]) => [x, y] as const);
    const [x, y] = pathM2[pathM2.length - 1];
    const turned = { frame: last, x, y, fromX, fromY, pathM2 };
    return [{ ...centre, radius: edit.radii[0] }, ...(pathM2.length > 1 ? [turned] : [])];
  },
  mapped(edit, mapping) {
    const { carry, corners, radii } = edit;
    const centre = mapping.place(edit.centre);
    const moved = (at: Corner): [number, number] => mapping.place(at);
    const end = carry && moved([edit.centre[0] + carry[0], edit.centre[1] + carry[1]]);
    return {
      ...edit,
      centre,
      radii: [mapping.length(radii[0]), mapping.length(radii[1])],
      samples: edit.samples.map(([x, y, ms]): [number, number, number] => [...moved([x, y]), ms]),
      ...(end && { carry: [end[0] - centre[0], end[1] - centre[1]] }),
      ...(corners && {
        corners: [moved(corners[0]), moved(corners[1]), moved(corners[2]), moved(corners[3])],
      }),
    };
  },
};

/** A body that stands still over the whole horizon until it is turned. */
export function bodyOf(
  { id, name }: Pick<BodyEdit, "id" | "name">,
  shape: BodyShape,
  centre: readonly [number, number],
  radii: readonly [number, number],
  frameCount: number,
): BodyEdit {
  const { ease, ...common } = COMMON_DEFAULTS;
  return {
    ...common,
    ease: [...ease],
    id,
    name,
    kind: "body",
    frames: [0, frameCount - 1],
    shape,
    centre: [...centre],
    radii: [...radii],
    turning: "absolute",
    samples: [[...centre, 0]],
  };
}

/** Whether a place, videoPx, lies on the body at "now". */
export function isOnBody({ shape, centre, radii }: BodyEdit, x: number, y: number): boolean {
  const [u, v] = [(x - centre[0]) / radii[0], (y - centre[1]) / radii[1]];
  return shape === "ball" ? u * u + v * v < 1 : Math.abs(u) < 1 && Math.abs(v) < 1;
}

/** Corners of a card at "now". */
export function cornersOf({ centre: [x, y], radii: [rx, ry] }: BodyEdit): Corners {
  return [
    [x - rx, y - ry],
    [x + rx, y - ry],
    [x + rx, y + ry],
    [x - rx, y + ry],
  ];
}

export function endCorners(edit: BodyEdit): Corners {
  const [dx, dy] = edit.carry ?? [0, 0];
  const [a, b, c, d] = edit.corners ?? cornersOf(edit);
  const carried = ([x, y]: Corner): Corner => [x + dx, y + dy];
  return [carried(a), carried(b), carried(c), carried(d)];
}

/** The points of the history that lie on it. */
function membersOf(edit: BodyEdit, { startN2 }: EditScene): number[] {
  const all = Array.from({ length: startN2.length / 2 }, (_, point) => point);
  return all.filter((point) => isOnBody(edit, startN2[2 * point], startN2[2 * point + 1]));
}

/** Shares of the time and of the way, frame by frame. */
function progressOf({ frames, ease }: BodyEdit, { frameCount }: EditScene) {
  const [first, last] = framesWithin(frames, frameCount);
  return Array.from({ length: last - first + 1 }, (_, t) => {
    const u = last > first ? t / (last - first) : 1;
    return { u, eased: easedProgress(ease, u) };
  });
}

function roundPaths(edit: BodyEdit, scene: EditScene): (point: number) => AuthoredPath {
  const { centre, radii, samples, turning, carry } = edit;
  const stroke = strokeOf(samples);
  const progress = progressOf(edit, scene);
  // Two clicks tell no speed: the ease does.
  const hands = progress.map(({ u, eased }) => {
    const [x, y] = samples.length > 2 ? stroke.atTime(u) : stroke.atLength(eased);
    return [(x - centre[0]) / radii[0], (y - centre[1]) / radii[1]] as const;
  });
  const [startX, startY] = stroke.atLength(0);
  const held = [(startX - centre[0]) / radii[0], (startY - centre[1]) / radii[1]] as const;
  const spins: readonly Spin[] = spinOf(edit.shape === "cylinder", turning, held, hands);
  return (point) => {
    const [x, y] = scene.startN2.subarray(2 * point, 2 * point + 2);
    const [u, v] = [(x - centre[0]) / radii[0], (y - centre[1]) / radii[1]];
    const positionsT2 = new Float32Array(2 * progress.length);
    const hiddenT = new Uint8Array(progress.length);
    for (const [t, { eased }] of progress.entries()) {
      const at = spins[t](u, v);
      positionsT2[2 * t] = centre[0] + radii[0] * at.u + eased * (carry?.[0] ?? 0);
      positionsT2[2 * t + 1] = centre[1] + radii[1] * at.v + eased * (carry?.[1] ?? 0);
      hiddenT[t] = at.isHidden ? 1 : 0;
    }
    return { point, positionsT2, hiddenT };
  };
}

function cardPaths(edit: BodyEdit, scene: EditScene): (point: number) => AuthoredPath {
  const starts = cornersOf(edit);
  const ends = endCorners(edit);
  const maps = progressOf(edit, scene).map(({ eased }) => {
    const between = (i: number): Corner => [
      starts[i][0] + eased * (ends[i][0] - starts[i][0]),
      starts[i][1] + eased * (ends[i][1] - starts[i][1]),
    ];
    return quadMap([between(0), between(1), between(2), between(3)]);
  });
  const [[left, top], , [right, bottom]] = starts;
  return (point) => {
    const [x, y] = scene.startN2.subarray(2 * point, 2 * point + 2);
    const [s, t] = [(x - left) / (right - left), (y - top) / (bottom - top)];
    return { point, positionsT2: Float32Array.from(maps.flatMap((map) => [...map(s, t)])) };
  };
}

/** A rigid motion X' = R·X + t; of a camera: from the world to its own space, axes as in `PinholePath`. */
export interface Pose {
  /** [9] row-major. */
  readonly rotation: readonly number[];
  /** [3]. */
  readonly translation: readonly number[];
}

export type Vector = readonly [number, number, number];

export const STILL_POSE: Pose = { rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1], translation: [0, 0, 0] };

export function rotated(r: readonly number[], [x, y, z]: readonly number[]): Vector {
  return [
    r[0] * x + r[1] * y + r[2] * z,
    r[3] * x + r[4] * y + r[5] * z,
    r[6] * x + r[7] * y + r[8] * z,
  ];
}

export function posed({ rotation, translation: [tx, ty, tz] }: Pose, place: Vector): Vector {
  const [x, y, z] = rotated(rotation, place);
  return [x + tx, y + ty, z + tz];
}

/** `second` after `first`. */
export function composed(second: Pose, first: Pose): Pose {
  const rotation = multiplied(second.rotation, first.rotation);
  const [tx, ty, tz] = first.translation;
  return { rotation, translation: posed(second, [tx, ty, tz]) };
}

export function inversePose({ rotation, translation }: Pose): Pose {
  const back = transposed(rotation);
  const [x, y, z] = rotated(back, translation);
  return { rotation: back, translation: [-x, -y, -z] };
}

/** Of a rotation: the turn back. */
export function transposed(r: ArrayLike<number>): readonly number[] {
  return [r[0], r[3], r[6], r[1], r[4], r[7], r[2], r[5], r[8]];
}

/** By radians about one axis, right-handed in x right, y down, z forward. */
export function turnAbout(axis: "x" | "y" | "z", radians: number): readonly number[] {
  const [c, s] = [Math.cos(radians), Math.sin(radians)];
  if (axis === "x") return [1, 0, 0, 0, c, -s, 0, s, c];
  if (axis === "y") return [c, 0, s, 0, 1, 0, -s, 0, c];
  return [c, -s, 0, s, c, 0, 0, 0, 1];
}

export function multiplied(a: readonly number[], b: readonly number[]): readonly number[] {
  return Array.from({ length: 9 }, (_, i) => {
    const [row, column] = [3 * Math.floor(i / 3), i % 3];
    return a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6];
  });
}

/** The rotation with the shortest way that takes the direction of `from` to that of `to` (Rodrigues). */
export function turnBetween(from: Vector, to: Vector): readonly number[] {
  const a = unit(from);
  const b = unit(to);
  const n = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const cosine = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  // R = 1 + [n]× + [n]×² / (1 + cos); opposite directions have no shortest way: half a turn about y.
  if (cosine < -1 + 1e-9) return turnAbout("y", Math.PI);
  const k = 1 / (1 + cosine);
  const [x, y, z] = n;
  return [
    cosine + k * x * x,
    k * x * y - z,
    k * x * z + y,
    k * x * y + z,
    cosine + k * y * y,
    k * y * z - x,
    k * x * z - y,
    k * y * z + x,
    cosine + k * z * z,
  ];
}

function unit([x, y, z]: Vector): Vector {
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}

/**
 * The same steps from pose to pose but for those that are left out (0), from rest on: what is left out
 * stays left out of all that follow.
 */
export function keptSteps(poses: readonly Pose[], movesT: Uint8Array): readonly Pose[] {
  if (movesT.every((moves) => moves === 1)) return poses;
  const kept: Pose[] = [];
  for (const [t, pose] of poses.entries()) {
    const before = kept[t - 1] ?? STILL_POSE;
    const step = () => composed(pose, inversePose(poses[t - 1] ?? STILL_POSE));
    kept.push(movesT[t] ? composed(step(), before) : before);
  }
  return kept;
}

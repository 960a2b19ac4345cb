/** A point this far from its place of late, px, counts half as one that moved: trackers wander by 3 px on bare walls. */
const MOVED_PX = 4.5;
/** How sharply rest and motion are told apart. */
const SHARPNESS = 8;
/** So much of the points has to rest for a scene to be at rest. */
const RESTING = 0.9;
/** Scenes that are less at rest are left to what moved. */
const LEAST_REST = 0.01;
/** How far a body is taken to reach around what is held of it, px. */
const REACH_PX = 80;

/** What rest makes of the likeness of two points. */
export interface Rest {
  /** What is left of what they share beside it, 0 to 1. */
  kept(i: number, j: number): number;
  /** What they share as parts of one body. */
  body(i: number, j: number): number;
}

/**
 * Where nothing moved before "now", the motion that all points share (none) tells no body from its
 * surroundings: what is held speaks for what is near to it, and hardly for the rest of the picture. With rᵢ =
 * √(how much point i rests), R how much the scene does and g = rᵢ·rⱼ·exp(−|xᵢ−xⱼ|² / 2·(80 px)²): kept =
 * 1 − R + R·(√(1−rᵢ²)·√(1−rⱼ²) + g), body = R·g. Both are sums of definite kernels. Null for a scene that
 * moved. The numbers were chosen on training clips whose past was replaced by rest (models/MODEL_CARD.md).
 * `roamedN`: [N] px that each point was away from its place of late; `xyN2`: [N,2] videoPx at "now".
 */
export function restOf(roamedN: Float64Array, xyN2: ArrayLike<number>): Rest | null {
  const scene = resting(quantile(roamedN, RESTING));
  if (scene < LEAST_REST) return null;
  const restsN = roamedN.map((px) => Math.sqrt(resting(px)));
  const movesN = restsN.map((rests) => Math.sqrt(1 - rests * rests));
  const close = (i: number, j: number) => {
    const d2 = (xyN2[2 * i] - xyN2[2 * j]) ** 2 + (xyN2[2 * i + 1] - xyN2[2 * j + 1]) ** 2;
    return restsN[i] * restsN[j] * Math.exp(-d2 / (2 * REACH_PX * REACH_PX));
  };
  return {
    kept: (i, j) => 1 - scene + scene * (movesN[i] * movesN[j] + close(i, j)),
    body: (i, j) => scene * close(i, j),
  };
}

/** 1 at rest, ½ at `MOVED_PX`, 0 far beyond. */
function resting(px: number): number {
  return 1 / (1 + (px / MOVED_PX) ** SHARPNESS);
}

function quantile(valuesN: Float64Array, share: number): number {
  return valuesN.slice().sort()[Math.floor(share * (valuesN.length - 1))];
}

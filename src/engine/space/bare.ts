import { type DepthGuess, type SpaceField, STATIC, UNKNOWN } from "../../domain/space-field.ts";
import { medianOf } from "./adjustment.ts";
import { asCameras, type Cameras } from "./cameras.ts";
import { anchorPositions, type Observations } from "./observations.ts";
import { pointResidual, triangulate } from "./residuals.ts";
import { neighbours } from "./surface.ts";

/** Least texture (texture.ts) that holds a track: from here on the tracker takes a patch for more evidence than its surround. */
const HOLDS = 4;
/** With fewer points than this that hold, all are asked: too little would be left to tell cameras from. */
const LEAST_HELD = 60;
/** Where nearly all hold, the others do no harm. */
const NEARLY_ALL = 0.95;
/** Distance up to which a camera that stays explains a point, and the share of points that it must. */
const STANDS_PX = 1.5;
const STANDING_SHARE = 0.05;
/** Share of still points that makes a scene of those that hold, and below which one of all is in pieces. */
const AGREEING_SHARE = 0.5;
const IN_PIECES = 0.35;
/** From so much parallax on a smaller share of still points does: of clips looked at, no mover alone told as much. */
const AMPLE_PX = 40;
const AMPLE_SHARE = 0.35;
/** By this factor more of those that hold must stand still. */
const MORE = 1.3;
/** A bare point agrees with one of those around it within this, in log depth. */
const AGREES = 0.35;
const LARGEST_SIGMA = 0.5;
/** A point that holds and lies this much farther than all around it slipped along what it shows: such tracks stand
 * still in the picture, as what is infinitely far does. */
const SLIPPED = 0.2;

/**
 * Points whose tracks their own texture [N] holds; null where all are to be asked. A bare surface (asphalt,
 * sky) gets the motion of its surround, or none, from any tracker, and says so in every frame.
 */
export function heldPoints(textureN: ArrayLike<number> | undefined): number[] | null {
  if (!textureN) return null;
  const held = Array.from({ length: textureN.length }, (_, n) => n).filter(
    (n) => textureN[n] >= HOLDS,
  );
  const isMixed = held.length >= LEAST_HELD && held.length < NEARLY_ALL * textureN.length;
  return isMixed ? held : null;
}

/** Whether too little of a picture holds a track for points to be told apart by it. */
export function isBare(textureN: ArrayLike<number>): boolean {
  return Array.from(textureN).filter((texture) => texture >= HOLDS).length < LEAST_HELD;
}

/** Whether cameras that only turn and zoom explain some of the points that hold: ground behind what moves. */
export function standsStill(
  observations: Observations,
  cameras: Cameras,
  held: readonly number[],
): boolean {
  const explained = held.filter((n) => {
    const { frames, squaredPx2 } = pointResidual(observations, cameras, n, 0);
    return squaredPx2 < STANDS_PX * STANDS_PX * frames;
  });
  return explained.length > STANDING_SHARE * held.length;
}

/**
 * Whether what the points that hold tell (`byHeld`) replaces what all tell: they agree on one still scene, where all
 * find none or one in pieces that a clearly smaller share of them shares.
 */
export function explainsMore(byHeld: SpaceField, all: SpaceField): boolean {
  const own = stillShare(byHeld);
  if (!all.cameras) return own > (byHeld.parallaxPx > AMPLE_PX ? AMPLE_SHARE : AGREEING_SHARE);
  return stillShare(all) < IN_PIECES && own > MORE * stillShare(all);
}

function stillShare({ stateN }: SpaceField): number {
  return stateN.filter((state) => state === STATIC).length / stateN.length;
}

/** What a network tells of some of the points. */
export function pickGuess(
  { inverseDepthN, sigmaLogN, movingN, path }: DepthGuess,
  points: readonly number[],
): DepthGuess {
  const pick = (values: Float32Array) => Float32Array.from(points, (n) => values[n]);
  const size = (path?.wayNK3.length ?? 0) / inverseDepthN.length;
  const ways = points.flatMap((n) => [...(path?.wayNK3.subarray(n * size, (n + 1) * size) ?? [])]);
  return {
    ...(path && {
      path: { ...path, metDepthN: pick(path.metDepthN), wayNK3: Float32Array.from(ways) },
    }),
    inverseDepthN: pick(inverseDepthN),
    sigmaLogN: pick(sigmaLogN),
    movingN: pick(movingN),
  };
}

/**
 * What the points that hold tell, for all points. A bare one is still where its track fits the same scene
 * as deep as a neighbour that holds; else nothing is known of it, and it lies as deep as its surround.
 */
export function withBarePoints(
  observations: Observations,
  held: readonly number[],
  field: SpaceField,
): SpaceField {
  const { pointCount } = observations.tracks;
  const out = {
    inverseDepthN: new Float32Array(pointCount).fill(1),
    sigmaLogN: new Float32Array(pointCount).fill(Infinity),
    stateN: new Uint8Array(pointCount),
    residualPxN: new Float32Array(pointCount),
  };
  held.forEach((n, i) => {
    out.inverseDepthN[n] = field.inverseDepthN[i];
    out.sigmaLogN[n] = field.sigmaLogN[i];
    out.stateN[n] = field.stateN[i];
    out.residualPxN[n] = field.residualPxN[i];
  });
  const still = held.filter((_, i) => field.stateN[i] === STATIC);
  if (!field.cameras || still.length === 0) return { ...field, ...out };
  const cameras = asCameras(field.cameras);
  const informationOf = (n: number) =>
    pointResidual(observations, cameras, n, out.inverseDepthN[n]).information;
  // What a deviation is worth at a point, over what its own frames say there.
  const noise = medianOf(
    still.map((n) => out.sigmaLogN[n] * out.inverseDepthN[n] * Math.sqrt(informationOf(n))),
  );
  const typicalPx = medianOf(still.map((n) => out.residualPxN[n]));
  const movesPx = Math.max(0.8, 3 * Math.min(typicalPx, 1.5));
  const anchorN2 = anchorPositions(observations);
  const told = out.inverseDepthN.slice();
  for (const n of still) {
    const depths = neighbours(n, still, anchorN2).map((near) => told[near]);
    if (out.inverseDepthN[n] >= SLIPPED * Math.min(...depths)) continue;
    out.stateN[n] = UNKNOWN;
    out.inverseDepthN[n] = medianOf(depths);
    out.sigmaLogN[n] = Infinity;
  }
  const isHeld = new Set(held);
  for (let n = 0; n < pointCount; n++) {
    if (isHeld.has(n)) continue;
    const depths = neighbours(n, still, anchorN2).map((near) => out.inverseDepthN[near]);
    const own = Math.max(0.01, triangulate(observations, cameras, n));
    const { frames, squaredPx2, information } = pointResidual(observations, cameras, n, own);
    const residualPx = frames ? Math.sqrt(squaredPx2 / frames) : 0;
    const sigma = noise / (Math.sqrt(Math.max(1e-9, information)) * Math.max(0.05, own));
    const agrees = depths.some((depth) => Math.abs(Math.log(own / depth)) < AGREES);
    const isStill = frames > 2 && agrees && residualPx < movesPx && sigma < LARGEST_SIGMA;
    out.residualPxN[n] = residualPx;
    out.stateN[n] = isStill ? STATIC : UNKNOWN;
    out.inverseDepthN[n] = isStill ? own : medianOf(depths);
    if (isStill) out.sigmaLogN[n] = sigma;
  }
  return { ...field, ...out };
}

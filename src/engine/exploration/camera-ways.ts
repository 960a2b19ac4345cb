import type { LatentPart, PictureSight } from "../../domain/latent.ts";
import { directionWords } from "./naming.ts";

/**
 * The part of a latent that the camera goes by, as amounts of its leading ways: an amount of 0 leaves
 * the camera out of that way, all of them 0 leave it where it is. The part's first number says whether
 * the camera rests and how far it goes, the others mix the ways, whatever their length; so the length of
 * the amounts is the first number, counted from where the camera begins to move, and their direction is
 * the mixture.
 */
export interface CameraWays {
  readonly part: LatentPart;
  /** Of the part's first number: below it the camera rests in this picture. */
  readonly restsBelow: number;
}

/** Amounts of this length are a camera that goes as far as `MOST`; standard deviations. */
const REACH = 2;
const MOST = 2;
const LEAST = -2.5;
const PROBES = 33;
const MOVES_PX = 1e-4;

/** Latents [K,L] whose camera paths `cameraWays` wants: ever further, along the first way. */
export function furtherLatents(part: LatentPart, latentSize: number): Float32Array {
  const out = new Float32Array(PROBES * latentSize);
  for (let k = 0; k < PROBES; k++) {
    const from = k * latentSize + part.from;
    out[from] = LEAST + (k * (MOST - LEAST)) / (PROBES - 1);
    out[from + 1] = 1;
  }
  return out;
}

/** `paths`: the camera paths [T,6] of `furtherLatents`. */
export function cameraWays(part: LatentPart, paths: readonly Float32Array[]): CameraWays {
  const moves = (path: Float32Array) =>
    path.some((value, i) => Math.abs(value - (i % 6 === 0 || i % 6 === 4 ? 1 : 0)) > MOVES_PX);
  const first = paths.findIndex(moves);
  return {
    part,
    restsBelow:
      LEAST + ((first < 0 ? PROBES - 1 : Math.max(0, first - 1)) * (MOST - LEAST)) / (PROBES - 1),
  };
}

/** [W] amounts of the ways that a latent's camera goes. */
export function amountsOf({ part, restsBelow }: CameraWays, z: ArrayLike<number>): number[] {
  const [far, ...mixture] = Array.from({ length: part.length }, (_, i) => z[part.from + i]);
  const length = Math.hypot(...mixture);
  const reach = (REACH * (far - restsBelow)) / (MOST - restsBelow);
  return mixture.map((own) => (length > 0 && reach > 0 ? (own / length) * reach : 0));
}

/** `z` with a camera that goes by these amounts. */
export function withAmounts(
  { part, restsBelow }: CameraWays,
  z: ArrayLike<number>,
  amounts: readonly number[],
): Float32Array {
  const out = Float32Array.from(z);
  const reach = Math.hypot(...amounts);
  // Of independent normal numbers, the mixture's usual length.
  const length = Math.sqrt(amounts.length);
  const mixture = amounts.map((amount) => (reach > 0 ? (amount / reach) * length : 0));
  const far = reach > 0 ? restsBelow + (reach / REACH) * (MOST - restsBelow) : 0;
  out.set([far, ...mixture], part.from);
  return out;
}

/** Which way a camera path [T,6] goes, say "camera, to the right"; the picture goes the other way. */
export function nameCamera(
  pathT6: Float32Array,
  { width, height }: Pick<PictureSight, "width" | "height">,
): string {
  const [a, b, c, d, e, f] = pathT6.subarray(-6);
  const [x, y] = [
    (a - 1) * (width / 2) + b * (height / 2) + c,
    d * (width / 2) + (e - 1) * (height / 2) + f,
  ];
  const radius = Math.hypot(width, height) / Math.sqrt(12);
  const grows = radius * ((a + e) / 2 - 1);
  const turns = (radius * (d - b)) / 2;
  const [across, along, around] = [Math.hypot(x, y), Math.abs(grows), Math.abs(turns)];
  if (Math.max(across, along, around) < MOVES_PX) return "camera, at rest";
  if (across >= Math.max(along, around)) return `camera, ${directionWords(-x, -y)}`;
  if (along >= around) return grows > 0 ? "camera, closer" : "camera, further away";
  return turns > 0 ? "camera, rolling left" : "camera, rolling right";
}

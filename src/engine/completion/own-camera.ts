import type { CameraPathT6 } from "../../domain/forecast.ts";

/** An affine map (a,b,c,d,e,f) as in `CameraPathT6`. */
export type Affine = readonly [number, number, number, number, number, number];

export const IDENTITY: Affine = [1, 0, 0, 0, 1, 0];

/** The future's own camera by frame, but for the steps that it is not let go. */
export function ownMaps(path: CameraPathT6 | undefined, ownT: Uint8Array): readonly Affine[] {
  const maps: Affine[] = [];
  const inverse = inverseMaps(path, ownT.length);
  let isWhole = true;
  for (let t = 0; t < ownT.length; t++) {
    const kept = maps[t - 1] ?? IDENTITY;
    isWhole &&= ownT[t] === 1;
    if (!path || !ownT[t]) maps.push(kept);
    else if (isWhole) maps.push(mapAt(path, t));
    else maps.push(afterwards(afterwards(mapAt(path, t), inverse[t - 1] ?? IDENTITY), kept));
  }
  return maps;
}

export function mapAt(path: CameraPathT6, t: number): Affine {
  const [a, b, c, d, e, f] = path.subarray(6 * t, 6 * t + 6);
  return [a, b, c, d, e, f];
}

/** Back to "now"; a map that folds the picture is taken as the last one that did not. */
export function inverseMaps(path: CameraPathT6 | undefined, frameCount: number): readonly Affine[] {
  const maps: Affine[] = [];
  for (let t = 0; t < frameCount; t++) {
    const last = maps[t - 1] ?? IDENTITY;
    const [a, b, c, d, e, f] = path ? mapAt(path, t) : IDENTITY;
    const determinant = a * e - b * d;
    if (!(Math.abs(determinant) > 1e-9)) {
      maps.push(last);
      continue;
    }
    const k = 1 / determinant;
    maps.push([e * k, -b * k, (b * f - c * e) * k, -d * k, a * k, (c * d - a * f) * k]);
  }
  return maps;
}

/** `second` after `first`. */
function afterwards(second: Affine, first: Affine): Affine {
  const [a, b, c, d, e, f] = second;
  const [p, q, r, s, t, u] = first;
  return [
    a * p + b * s,
    a * q + b * t,
    a * r + b * u + c,
    d * p + e * s,
    d * q + e * t,
    d * r + e * u + f,
  ];
}

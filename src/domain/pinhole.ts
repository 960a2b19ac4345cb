import type { Size } from "./clip.ts";

/**
 * A pinhole camera over T frames, with the axes of COLMAP: x right, y down, z forward along the view.
 * Of a position W in `world` (domain/camera.ts), the frame's camera space is C = R·W + t, and it is
 * seen at x' = f·Cx/Cz + cx, y' = f·Cy/Cz + cy (videoPx). Pixels are square.
 */
export interface PinholePath {
  readonly frameCount: number;
  /** [T] focal length, videoPx; a zoom changes it from frame to frame. */
  readonly focalPxT: Float32Array;
  /** (cx, cy) videoPx of the optical axis: the same in every frame. */
  readonly centre: readonly [number, number];
  /** [T,9] rotation from world to camera, row-major. */
  readonly rotationT9: Float32Array;
  /** [T,3] shift from world to camera, world units. */
  readonly translationT3: Float32Array;
}

/** Nearer to the camera than this nothing is seen, world units. */
export const NEAREST_DEPTH = 0.05;

/** What is seen where nothing else is known of the camera, degrees from left to right. */
export const DEFAULT_FOV_DEGREES = 55;

/** The middle of the frame, videoPx. */
export function frameCentre({ width, height }: Size): readonly [number, number] {
  return [(width - 1) / 2, (height - 1) / 2];
}

/** Focal length of a horizontal field of view: W / (2·tan(fov/2)), videoPx. */
export function focalPxOfFov(fovDegrees: number, { width }: Size): number {
  return width / (2 * Math.tan((fovDegrees * Math.PI) / 360));
}

/** The inverse of `focalPxOfFov`, degrees. */
export function fovOfFocalPx(focalPx: number, { width }: Size): number {
  return (360 / Math.PI) * Math.atan(width / (2 * focalPx));
}

/** A camera that stands at the world's origin in every frame. */
export function stillPinholePath(frameCount: number, focalPx: number, size: Size): PinholePath {
  const rotationT9 = new Float32Array(9 * frameCount);
  for (let t = 0; t < frameCount; t++) rotationT9.set([1, 0, 0, 0, 1, 0, 0, 0, 1], 9 * t);
  return {
    frameCount,
    focalPxT: new Float32Array(frameCount).fill(focalPx),
    centre: frameCentre(size),
    rotationT9,
    translationT3: new Float32Array(3 * frameCount),
  };
}

/** The frames of several paths one after the other; the optical axis is the first one's. */
export function joinPaths(paths: readonly PinholePath[]): PinholePath {
  const joined = (of: (path: PinholePath) => Float32Array) =>
    Float32Array.from(paths.flatMap((path) => [...of(path)]));
  return {
    frameCount: paths.reduce((sum, path) => sum + path.frameCount, 0),
    centre: paths[0].centre,
    focalPxT: joined((path) => path.focalPxT),
    rotationT9: joined((path) => path.rotationT9),
    translationT3: joined((path) => path.translationT3),
  };
}

/** A position seen: videoPx, and its depth along the axis in world units. */
export type Seen = [x: number, y: number, depth: number];

/**
 * Where frame `t` sees a world position. A depth that is not above 0 lies beside or behind the camera:
 * x and y then mean nothing. `out` is filled and returned, so that loops need no fresh arrays.
 */
export function videoPxFromWorld(
  { focalPxT, centre, rotationT9, translationT3 }: PinholePath,
  t: number,
  [x, y, z]: readonly [number, number, number],
  out: Seen = [0, 0, 0],
): Seen {
  const r = 9 * t;
  const s = 3 * t;
  const cx = rotationT9[r] * x + rotationT9[r + 1] * y + rotationT9[r + 2] * z + translationT3[s];
  const cy =
    rotationT9[r + 3] * x + rotationT9[r + 4] * y + rotationT9[r + 5] * z + translationT3[s + 1];
  const cz =
    rotationT9[r + 6] * x + rotationT9[r + 7] * y + rotationT9[r + 8] * z + translationT3[s + 2];
  const scale = focalPxT[t] / cz;
  out[0] = scale * cx + centre[0];
  out[1] = scale * cy + centre[1];
  out[2] = cz;
  return out;
}

/** The world position that a camera at the origin sees at (x,y) videoPx, `depth` away along its axis. */
export function worldFromVideoPx(
  focalPx: number,
  [cx, cy]: readonly [number, number],
  x: number,
  y: number,
  depth: number,
): [number, number, number] {
  return [((x - cx) * depth) / focalPx, ((y - cy) * depth) / focalPx, depth];
}

/** Where the camera of frame `t` stands in the world: −Rᵀ·t. */
export function eyeOf({ rotationT9, translationT3 }: PinholePath, t: number) {
  const [a, b, c, d, e, f, g, h, i] = rotationT9.subarray(9 * t, 9 * t + 9);
  const [x, y, z] = translationT3.subarray(3 * t, 3 * t + 3);
  return [-(a * x + d * y + g * z), -(b * x + e * y + h * z), -(c * x + f * y + i * z)] as const;
}

import type { PinholePath } from "../../domain/pinhole.ts";
import { expRotation, identityRotation, multiply33 } from "./rotation.ts";

/**
 * Cameras of T frames while they are being estimated: float64, world → camera, axes x right, y down,
 * z forward. World is the camera's space at the anchor frame, where R = 1 and t = 0.
 */
export interface Cameras {
  readonly frameCount: number;
  /** [T] px. */
  readonly focalPxT: Float64Array;
  /** Of the picture, videoPx. */
  readonly centre: readonly [number, number];
  /** [T,9] row-major. */
  readonly rotationT9: Float64Array;
  /** [T,3] in units of the median depth of static points at the anchor frame. */
  readonly translationT3: Float64Array;
}

export function stillCameras(
  frameCount: number,
  focalPx: number,
  centre: readonly [number, number],
): Cameras {
  const rotationT9 = new Float64Array(frameCount * 9);
  for (let t = 0; t < frameCount; t++) rotationT9.set(identityRotation(), 9 * t);
  return {
    frameCount,
    focalPxT: new Float64Array(frameCount).fill(focalPx),
    centre,
    rotationT9,
    translationT3: new Float64Array(frameCount * 3),
  };
}

export function copyCameras(cameras: Cameras): Cameras {
  return {
    ...cameras,
    focalPxT: cameras.focalPxT.slice(),
    rotationT9: cameras.rotationT9.slice(),
    translationT3: cameras.translationT3.slice(),
  };
}

/** Frames `frames` of `cameras`, in that order, as a copy. */
export function pickCameras(cameras: Cameras, frames: readonly number[]): Cameras {
  const out = stillCameras(frames.length, cameras.focalPxT[0], cameras.centre);
  frames.forEach((t, i) => {
    out.focalPxT[i] = cameras.focalPxT[t];
    out.rotationT9.set(cameras.rotationT9.subarray(9 * t, 9 * t + 9), 9 * i);
    out.translationT3.set(cameras.translationT3.subarray(3 * t, 3 * t + 3), 3 * i);
  });
  return out;
}

/** Turns camera t further by the small rotation (x,y,z), applied after its own. */
export function turnCamera(cameras: Cameras, t: number, x: number, y: number, z: number): void {
  const own = cameras.rotationT9.subarray(9 * t, 9 * t + 9);
  own.set(multiply33(expRotation(x, y, z), own));
}

/** Viewing direction (x,y,1) of a pixel of the anchor frame. */
export function directionOf(
  x: number,
  y: number,
  focalPx: number,
  [cx, cy]: readonly [number, number],
): [number, number, number] {
  return [(x - cx) / focalPx, (y - cy) / focalPx, 1];
}

/**
 * Where the point `direction`/inverseDepth lies in camera t, times the inverse depth: X = R·d + ρ·t.
 * Well defined at ρ = 0, a point at infinity.
 */
export function transformDirection(
  cameras: Pick<Cameras | PinholePath, "rotationT9" | "translationT3">,
  t: number,
  [dx, dy, dz]: readonly [number, number, number],
  inverseDepth: number,
): [number, number, number] {
  const { rotationT9: R, translationT3: T } = cameras;
  const r = 9 * t;
  return [
    R[r] * dx + R[r + 1] * dy + R[r + 2] * dz + inverseDepth * T[3 * t],
    R[r + 3] * dx + R[r + 4] * dy + R[r + 5] * dz + inverseDepth * T[3 * t + 1],
    R[r + 6] * dx + R[r + 7] * dy + R[r + 8] * dz + inverseDepth * T[3 * t + 2],
  ];
}

/** The place on a ray (x,y,1) of camera t, so deep: Rᵀ·(depth·ray − t). */
export function worldOnRay(
  { rotationT9: R, translationT3: T }: Pick<Cameras | PinholePath, "rotationT9" | "translationT3">,
  t: number,
  ray: readonly [number, number, number],
  depth: number,
): [number, number, number] {
  const x = depth * ray[0] - T[3 * t];
  const y = depth * ray[1] - T[3 * t + 1];
  const z = depth * ray[2] - T[3 * t + 2];
  const r = 9 * t;
  return [
    R[r] * x + R[r + 3] * y + R[r + 6] * z,
    R[r + 1] * x + R[r + 4] * y + R[r + 7] * z,
    R[r + 2] * x + R[r + 5] * y + R[r + 8] * z,
  ];
}

/** The cameras as the rest of the studio takes them. */
export function pinholePath(cameras: Cameras): PinholePath {
  return {
    frameCount: cameras.frameCount,
    focalPxT: Float32Array.from(cameras.focalPxT),
    centre: cameras.centre,
    rotationT9: Float32Array.from(cameras.rotationT9),
    translationT3: Float32Array.from(cameras.translationT3),
  };
}

/** The inverse of `pinholePath`. */
export function asCameras(path: PinholePath): Cameras {
  const cameras = stillCameras(path.frameCount, path.focalPxT[0], path.centre);
  cameras.focalPxT.set(path.focalPxT);
  cameras.rotationT9.set(path.rotationT9);
  cameras.translationT3.set(path.translationT3);
  return cameras;
}

/** Camera centres [T,3] in world: −Rᵀt. */
export function centresOf({
  frameCount,
  rotationT9: R,
  translationT3: T,
}: Cameras | PinholePath): Float64Array {
  const centres = new Float64Array(frameCount * 3);
  for (let t = 0; t < frameCount; t++) {
    for (let c = 0; c < 3; c++) {
      const r = 9 * t + c;
      centres[3 * t + c] = -(R[r] * T[3 * t] + R[r + 3] * T[3 * t + 1] + R[r + 6] * T[3 * t + 2]);
    }
  }
  return centres;
}

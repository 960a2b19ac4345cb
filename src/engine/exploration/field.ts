import { underPath } from "../../domain/camera-view.ts";
import type { CameraPathT6, Future } from "../../domain/forecast.ts";
import { isInsideFrame } from "../../domain/inside-frame.ts";
import type { PictureSight } from "../../domain/latent.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";

/** The part of a sight that turns a displacement field into positions. */
export type FieldSpace = Pick<
  PictureSight,
  "frameCount" | "timeBasisCT" | "queryXyN2" | "width" | "height"
>;

/** Displacements [T,N,2] px of a field, coefficients [C,2,N]: Σ_c field[c]·basis[c]. */
export function displacementsTN2(
  { frameCount, timeBasisCT, queryXyN2 }: FieldSpace,
  fieldCN: Float32Array,
): Float32Array {
  const pointCount = queryXyN2.length / 2;
  const count = timeBasisCT.length / frameCount;
  const out = new Float32Array(frameCount * pointCount * 2);
  for (let t = 0; t < frameCount; t++) {
    const frame = out.subarray(2 * t * pointCount, 2 * (t + 1) * pointCount);
    for (let c = 0; c < count; c++) {
      const weight = timeBasisCT[c * frameCount + t];
      const x = 2 * c * pointCount;
      const y = x + pointCount;
      for (let n = 0; n < pointCount; n++) {
        frame[2 * n] += weight * fieldCN[x + n];
        frame[2 * n + 1] += weight * fieldCN[y + n];
      }
    }
  }
  return out;
}

/** The points moved by a field; visible where they lie inside the frame. */
export function tracksOfField(space: FieldSpace, fieldCN: Float32Array): Tracks {
  const { frameCount, queryXyN2 } = space;
  const tracks = createTracks(frameCount, queryXyN2.length / 2);
  const moved = displacementsTN2(space, fieldCN);
  for (let i = 0; i < moved.length; i++) moved[i] += queryXyN2[i % queryXyN2.length];
  tracks.tracksTN2.set(moved);
  for (let i = 0; i < tracks.visibilityTN.length; i++) {
    tracks.visibilityTN[i] = isInsideFrame(moved[2 * i], moved[2 * i + 1], space) ? 1 : 0;
  }
  return tracks;
}

/** What a future is of a field, seen by a camera on a path [T,6] where there is one. */
export function futureOfField(
  space: FieldSpace,
  fieldCN: Float32Array,
  cameraPathT6?: CameraPathT6,
): Pick<Future, "tracks" | "cameraPathT6"> {
  const still = tracksOfField(space, fieldCN);
  if (!cameraPathT6) return { tracks: still };
  return { tracks: underPath(still, cameraPathT6, space), cameraPathT6 };
}

/** [K] of latents [K,L]: whether a part that rests has been let go. */
export function movesCamera(
  { parts, latentSize }: Pick<PictureSight, "parts" | "latentSize">,
  latentsKL: ArrayLike<number>,
): boolean[] {
  const resting = parts.filter(({ rests }) => rests);
  return Array.from({ length: latentsKL.length / latentSize }, (_, k) =>
    resting.some(({ from, length }) =>
      Array.from({ length }, (_, i) => latentsKL[k * latentSize + from + i]).some((v) => v !== 0),
    ),
  );
}

/** [N,2] px: where a field has taken every point in its last frame, from its place at "now". */
export function endOfField(
  { frameCount, timeBasisCT, queryXyN2 }: FieldSpace,
  fieldCN: Float32Array,
): Float32Array {
  const pointCount = queryXyN2.length / 2;
  const end = new Float32Array(2 * pointCount);
  for (let c = 0; c < timeBasisCT.length / frameCount; c++) {
    const weight = timeBasisCT[(c + 1) * frameCount - 1];
    for (let i = 0; i < 2 * pointCount; i++) {
      end[i] += weight * fieldCN[2 * c * pointCount + (i % 2) * pointCount + (i >> 1)];
    }
  }
  return end;
}

/** [N] px: root mean square displacement of every point over the frames, by the basis' orthonormality. */
export function motionOfField({ frameCount, queryXyN2 }: FieldSpace, fieldCN: Float32Array) {
  const pointCount = queryXyN2.length / 2;
  const motion = new Float32Array(pointCount);
  for (let i = 0; i < fieldCN.length; i++) motion[i % pointCount] += fieldCN[i] * fieldCN[i];
  return motion.map((sum) => Math.sqrt(sum / frameCount));
}

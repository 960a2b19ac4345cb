import type { Size } from "../../../domain/clip.ts";
import type { NpyArray } from "../../containers/npy.ts";
import type { LoadedArrays } from "../common/types.ts";
import type { Layout } from "./layout.ts";
import { hasPictureTracks, noCameras } from "./no-cameras.ts";
import { pathOfArrays } from "./path.ts";
import { project } from "./project.ts";

const PROJECTED = "coords, projected";

/**
 * SpatialTrackerV2 and TAPIP3D: `coords` [T,N,3] in world space with a camera a frame, `extrinsics`
 * [T,4,4] or [T,3,4] world to camera and `intrinsics` [T,3,3] or one [3,3] in pixels of `video` [T,3,H,W];
 * `visibs` [T,N]. All may have a batch of one in front. The positions in the picture are what these
 * cameras see; without cameras they say nothing of the picture and are refused.
 */
export const camerasInFile: Layout = {
  recognise({ arrays }) {
    const coords = unbatched(arrays.get("coords"), 3);
    const [T, , width] = coords?.shape ?? [];
    if (!coords || width !== 3) return null;
    const extrinsics = poses44(unbatched(arrays.get("extrinsics"), 3), T);
    const intrinsics = lenses(unbatched(arrays.get("intrinsics"), 3), T);
    if (!extrinsics || !intrinsics) {
      if (!hasPictureTracks(arrays)) throw noCameras(arrays);
      return null;
    }
    const K = (t: number, i: number) => intrinsics.data[9 * t + i];
    const positions = project(coords, (t) => ({
      pose34: extrinsics.data.subarray(16 * t, 16 * t + 12),
      fx: K(t, 0),
      fy: K(t, 4),
      cx: K(t, 2),
      cy: K(t, 5),
    }));
    const sourceSize = toldSize(arrays) ?? pictureSize(arrays, 2 * K(0, 2), 2 * K(0, 5));
    const nowFrame = arrays.get("now_frame")?.data[0] ?? Number.NaN;
    const nowSecs = arrays.get("now_secs")?.data[0] ?? Number.NaN;
    const told = sourceSize ? `${sourceSize.width}×${sourceSize.height}` : "the clip";
    return {
      derived: new Map([[PROJECTED, positions]]),
      hints: {
        looksLike: "SpatialTrackerV2 or TAPIP3D (positions in space)",
        tracks: PROJECTED,
        axes: "TNC",
        units: "px",
        origin: "pixel-centre",
        space: {
          cameras: pathOfArrays(extrinsics, (t) => (K(t, 0) + K(t, 4)) / 2, [K(0, 2), K(0, 5)]),
          positionsTN3: Float32Array.from(coords.data),
        },
        notTracks: ["coords", "extrinsics", "intrinsics"],
        notes: [`Positions in space are projected by the file’s own cameras, pixels of ${told}.`],
        ...(sourceSize ? { sourceSize } : {}),
        ...(nowSecs >= 0 && nowFrame >= 0 && nowFrame < T
          ? { now: { frame: nowFrame, secs: nowSecs } }
          : {}),
      },
    };
  },
};

/** Our own files name the size of their picture. */
function toldSize(arrays: LoadedArrays["arrays"]): Size | undefined {
  const [height, width] = arrays.get("video_size")?.data ?? [];
  return width >= 16 && height >= 16 && width <= 65_535 && height <= 65_535
    ? { width, height }
    : undefined;
}

/** Without a batch of one in front of its `rank` axes. */
function unbatched(array: NpyArray | undefined, rank: number): NpyArray | undefined {
  if (array?.shape.length !== rank + 1 || array.shape[0] !== 1) return array;
  return { ...array, shape: array.shape.slice(1) };
}

/** Poses [T,4,4] of [T,4,4] or [T,3,4]. */
function poses44(array: NpyArray | undefined, T: number): NpyArray | undefined {
  if (array?.shape.join() === `${T},4,4`) return array;
  if (array?.shape.join() !== `${T},3,4`) return undefined;
  const data = new Float64Array(16 * T);
  for (let t = 0; t < T; t++) {
    data.set(array.data.subarray(12 * t, 12 * t + 12), 16 * t);
    data[16 * t + 15] = 1;
  }
  return { shape: [T, 4, 4], dtype: "float64", data };
}

/** Intrinsics [T,3,3] of those or of one lens [3,3] for all frames. */
function lenses(array: NpyArray | undefined, T: number): NpyArray | undefined {
  if (array?.shape.join() === `${T},3,3`) return array;
  const isOne = array?.shape.join() === "3,3" || array?.shape.join() === "1,3,3";
  if (!array || !isOne) return undefined;
  const data = Float64Array.from({ length: 9 * T }, (_, i) => array.data[i % 9]);
  return { shape: [T, 3, 3], dtype: "float64", data };
}

/**
 * The picture whose middle is the cameras' principal point (half of `width`, `height`): the video that
 * lies in the file where it is of that size, else twice the principal point, an even number. Undefined without one.
 */
function pictureSize(
  arrays: LoadedArrays["arrays"],
  width: number,
  height: number,
): Size | undefined {
  if (!(width >= 16 && height >= 16 && width <= 65_535 && height <= 65_535)) return undefined;
  const shape = arrays.get("video")?.shape ?? [];
  const channelsFirst = shape[1] === 3;
  const [h, w] = channelsFirst ? shape.slice(2) : shape.slice(1);
  const near = (a: number, b: number) => Math.abs(a - b) <= 0.2 * b;
  if (shape.length === 4 && near(w, width) && near(h, height)) return { width: w, height: h };
  // Of pixels that count from their centres the middle lies half a pixel earlier; videos are even.
  const whole = (twice: number) => Math.round(twice) + (Math.round(twice) % 2);
  return { width: whole(width), height: whole(height) };
}

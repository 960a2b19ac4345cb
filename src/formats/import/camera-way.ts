import { FormatError } from "../../domain/errors.ts";
import { type PinholePath, videoPxFromWorld } from "../../domain/pinhole.ts";
import { resamplePath } from "../../domain/pinhole-between.ts";
import { readCameraFiles } from "./camera-file.ts";
import { loadArrays } from "./common/load.ts";
import type { NamedBytes } from "./common/named-bytes.ts";

/** How a camera of another clip goes, whatever that clip shows. */
export interface CameraWay {
  /** Its first frame is where the way begins. */
  readonly path: PinholePath;
  /** Median depth that its first frame sees, in the file's units; null where the file has no points. */
  readonly medianDepth: number | null;
  /** What of the file is left out, in sentences. */
  readonly notices: readonly string[];
}

/** Whether files are not one saved forecast, the other kind of JSON that holds a camera. */
export function isCameraWay([file, ...others]: readonly NamedBytes[]): boolean {
  if (others.length > 0 || !file.name.toLowerCase().endsWith(".json")) return true;
  return new TextDecoder().decode(file.bytes).includes('"transform_matrix"');
}

const WAY_OUT =
  "Open transforms.json of Nerfstudio, cameras.txt and images.txt of COLMAP together, or an npz of 3-D tracks with cameras.";

/**
 * Reads a camera's way from Nerfstudio's or COLMAP's files or from an npz of 3-D tracks. A file that says
 * which of its frames is "now" begins there, if any follow.
 * @throws FormatError
 */
export function readCameraWay(files: readonly NamedBytes[]): CameraWay {
  const arrays = files.find(({ name }) => name.toLowerCase().endsWith(".npz"));
  if (!arrays) {
    const { path, notices } = readCameraFiles(files);
    return { path, medianDepth: null, notices };
  }
  const { space, now } = loadArrays(arrays.bytes, arrays.name).hints;
  const count = space?.cameras.frameCount ?? 0;
  if (!space || count < 2) throw new FormatError(`${arrays.name} holds no camera`, WAY_OUT);
  const first = now && now.frame < count - 1 ? Math.round(now.frame) : 0;
  const frames = Array.from({ length: count - first }, (_, t) => first + t);
  return {
    path: resamplePath(space.cameras, frames),
    medianDepth: medianDepth(space.cameras, space.positionsTN3, first),
    notices: [],
  };
}

function medianDepth(cameras: PinholePath, positionsTN3: Float32Array, t: number): number | null {
  const count = positionsTN3.length / 3 / cameras.frameCount;
  const depths: number[] = [];
  for (let i = 3 * t * count; i < 3 * (t + 1) * count; i += 3) {
    const place = [positionsTN3[i], positionsTN3[i + 1], positionsTN3[i + 2]] as const;
    const depth = videoPxFromWorld(cameras, t, place)[2];
    if (depth > 0 && Number.isFinite(depth)) depths.push(depth);
  }
  depths.sort((a, b) => a - b);
  return depths[depths.length >> 1] ?? null;
}

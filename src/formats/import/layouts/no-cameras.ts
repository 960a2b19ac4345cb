import { FormatError } from "../../../domain/errors.ts";
import type { LoadedArrays } from "../common/types.ts";

/** Whether tracks in the picture stand beside those in space. */
export function hasPictureTracks(arrays: LoadedArrays["arrays"]): boolean {
  return [...arrays.values()].some(
    ({ shape, dtype }) => shape.length >= 3 && shape[shape.length - 1] === 2 && dtype !== "bool",
  );
}

/** The refusal of positions in space that no camera of the file shows. */
export function noCameras(arrays: LoadedArrays["arrays"]): FormatError {
  const found = [...arrays].map(([name, { shape }]) => `${name} ${shape.join("×")}`).join(", ");
  return new FormatError(
    `These are positions in space without cameras that fit them; found: ${found.slice(0, 300)}`,
    "Save the cameras with them: extrinsics [T,4,4] from world to camera and intrinsics [T,3,3] in pixels (TAPVid-3D: fx_fy_cx_cy), or save the tracks in the picture.",
  );
}

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Observations } from "../engine/space/observations.ts";
import { readNpz } from "../formats/containers/npz.ts";

/** Files of `npm run tracks`: the one named, or all of a folder. */
export async function tracksFiles(path: string): Promise<string[]> {
  if (path.endsWith(".npz")) return [path];
  return (await readdir(path))
    .filter((name) => name.endsWith(".npz"))
    .sort()
    .map((name) => join(path, name));
}

/**
 * The tracks of a file of `npm run tracks`, anchored at "now": its past, or with what followed too.
 * Rejects with Error where the file holds none.
 */
export async function observationsIn(file: string, part: "past" | "all"): Promise<Observations> {
  const arrays = readNpz(new Uint8Array(await readFile(file)));
  const sides = part === "past" ? ["history"] : ["history", "future"];
  const positions = sides.map((side) => arrays.get(`${side}_tracks_tn2`));
  const visibility = sides.map((side) => arrays.get(`${side}_visibility_tn`));
  const past = positions[0];
  if (!past || !visibility[0]) throw new Error(`${file} holds no history of "npm run tracks"`);
  const texture = arrays.get("texture_n");
  const frames = positions.map((array) => array?.shape[0] ?? 0);
  return {
    tracks: {
      frameCount: frames.reduce((sum, count) => sum + count, 0),
      pointCount: past.shape[1],
      tracksTN2: Float32Array.from(positions.flatMap((array) => Array.from(array?.data ?? []))),
      visibilityTN: Uint8Array.from(visibility.flatMap((array) => Array.from(array?.data ?? []))),
    },
    anchorFrame: frames[0] - 1,
    ...(texture && { textureN: Float32Array.from(texture.data as ArrayLike<number>) }),
  };
}

import { existsSync } from "node:fs";
import { join } from "node:path";

/** Real clips lie beside the checkout where the machine has them, or where FORETRACK_CLIPS says. */
const DIR = process.env.FORETRACK_CLIPS ?? join(import.meta.dirname, "../../shared/clips");

export const realClip = (file: string): string => join(DIR, file);

/** Of some clips those that are here. */
export function onlyHere<T extends { readonly path: string }>(clips: readonly T[]): T[] {
  return clips.filter(({ path }) => existsSync(path));
}

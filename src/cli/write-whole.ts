import { rename, writeFile } from "node:fs/promises";

/** Writes a file that is renamed when complete: a run that is stopped leaves no half file. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
}

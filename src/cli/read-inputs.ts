import { readFile } from "node:fs/promises";
import { readNpy } from "../formats/containers/npy.ts";
import { type EditsFile, readEdits } from "../formats/document/edits-file.ts";

/** A pooled text embedding. @throws FormatError where the file is no .npy. */
export async function readTextAt(path: string): Promise<Float32Array> {
  const { data } = readNpy(new Uint8Array(await readFile(path)), path);
  return Float32Array.from(data);
}

/** Edits alone, or those of a forecast. @throws FormatError where the file holds none. */
export async function readEditsAt(path: string): Promise<EditsFile> {
  return readEdits(new Uint8Array(await readFile(path)));
}

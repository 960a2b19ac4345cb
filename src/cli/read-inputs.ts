import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { FormatError } from "../domain/errors.ts";
import type { FutureLatent } from "../domain/latent.ts";
import { readNpy } from "../formats/containers/npy.ts";
import { readDocument } from "../formats/document/document.ts";
import { type EditsFile, readEdits } from "../formats/document/edits-file.ts";

/** A pooled text embedding. @throws FormatError where the file is no .npy. */
export async function readTextAt(path: string): Promise<Float32Array> {
  const { data } = readNpy(new Uint8Array(await readFile(path)), path);
  return Float32Array.from(data);
}

/** Edits alone, or those of a forecast. @throws FormatError that names the file where it holds none. */
export async function readEditsAt(path: string): Promise<EditsFile> {
  const bytes = new Uint8Array(await readFile(path));
  try {
    return readEdits(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(`${basename(path)}: ${error.message}`, error.remedy, { cause: error });
  }
}

/** Which futures a forecast holds: enough to make them again of the same picture or clip. */
export interface FuturesAgain {
  readonly seeds: readonly number[];
  readonly latents: Readonly<Record<number, FutureLatent>>;
  readonly packIdentity: string | undefined;
  /** What they followed. */
  readonly edits: EditsFile | undefined;
}

/** @throws FormatError where the file is no forecast. */
export async function readAgainAt(path: string): Promise<FuturesAgain> {
  const bytes = new Uint8Array(await readFile(path));
  const { forecast } = readDocument(bytes).document;
  const { futures, packIdentity, edits = [] } = forecast;
  const latents = futures.flatMap(({ seed, latent }) => (latent ? [[seed, latent] as const] : []));
  return {
    seeds: futures.map(({ seed }) => seed),
    latents: Object.fromEntries(latents),
    packIdentity,
    edits: edits.length > 0 ? readEdits(bytes) : undefined,
  };
}

/** What is not as it was when the futures were made first, in words for the user. */
export function differencesFrom(
  again: FuturesAgain,
  made: readonly { readonly seed: number; readonly latent?: FutureLatent }[],
  packIdentity: string,
): string[] {
  const lines: string[] = [];
  if (again.packIdentity !== undefined && again.packIdentity !== packIdentity) {
    lines.push("Another pack made these futures first: they will differ.");
  }
  const other = made.some(({ seed, latent }) => {
    const before = again.latents[seed]?.picture;
    return before !== undefined && before !== latent?.picture;
  });
  if (other)
    lines.push(
      "They were made of another picture first, or of this one as something else decoded it: they differ.",
    );
  return lines;
}

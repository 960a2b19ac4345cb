import { PackError } from "../../domain/errors.ts";
import { readZip, type ZipLimits } from "../../formats/zip.ts";

/** A pack of the largest published model stays below; a zip bomb does not get further. */
const LIMITS: ZipLimits = { files: 256, inflatedBytes: 3 * 2 ** 30 };

/** The files of a zip by path. */
export function zipEntries(bytes: Uint8Array): Map<string, Blob> {
  try {
    const entries = readZip(bytes, () => true, LIMITS);
    return new Map(
      [...entries].map(([path, content]) => [path, new Blob([content as Uint8Array<ArrayBuffer>])]),
    );
  } catch (error) {
    throw new PackError(
      `The zip cannot be read as a model pack: ${error instanceof Error ? error.message : error}`,
      "Download or make it again.",
      { cause: error },
    );
  }
}

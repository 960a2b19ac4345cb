import { inflateSync } from "fflate";
import { PackError } from "../../domain/errors.ts";

/** A pack of the largest published model stays below; a zip bomb does not get further. */
const MAX_FILES = 256;
const MAX_BYTES = 3 * 2 ** 30;
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;

/**
 * The files of a zip by path. What is stored as it is stays where it lies, a slice of `zip`, so that
 * gigabytes are never in memory at once. The pack's hashes tell whether a file is right.
 * Rejects with PackError for what is not such a zip.
 */
export async function zipEntries(zip: Blob): Promise<Map<string, Blob>> {
  try {
    const files = new Map<string, Blob>();
    let budget = MAX_BYTES;
    for (const entry of await readDirectory(zip)) {
      if (entry.name.endsWith("/")) continue;
      budget -= entry.bytes;
      if (budget < 0) throw new Error("it unpacks to more than can be read here");
      files.set(entry.name, await readEntry(zip, entry));
    }
    return files;
  } catch (error) {
    throw new PackError(
      `The zip cannot be read as a model pack: ${error instanceof Error ? error.message : error}`,
      "Download or make it again.",
      { cause: error },
    );
  }
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly offset: number;
}

async function readDirectory(zip: Blob): Promise<Entry[]> {
  const tail = await viewOf(zip.slice(Math.max(0, zip.size - END_BYTES - LONGEST_COMMENT)));
  let end = tail.byteLength - END_BYTES;
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new Error("it has no directory");
  const count = tail.getUint16(end + 10, true);
  const size = tail.getUint32(end + 12, true);
  const start = tail.getUint32(end + 16, true);
  if (count > MAX_FILES) throw new Error(`it holds ${count} files`);
  const view = await viewOf(zip.slice(start, start + size));
  const entries: Entry[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== 0x02014b50) {
      throw new Error("its directory is damaged");
    }
    if (view.getUint16(at + 8, true) & 1) throw new Error("it is encrypted");
    const nameBytes = view.getUint16(at + 28, true);
    entries.push({
      name: new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, nameBytes)),
      method: view.getUint16(at + 10, true),
      packedBytes: view.getUint32(at + 20, true),
      bytes: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

async function readEntry(zip: Blob, entry: Entry): Promise<Blob> {
  const { name, method, offset, packedBytes, bytes } = entry;
  const head = await viewOf(zip.slice(offset, offset + 30));
  if (head.byteLength < 30 || head.getUint32(0, true) !== 0x04034b50) {
    throw new Error(`${name} is missing`);
  }
  const start = offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  if (start + packedBytes > zip.size) throw new Error(`${name} is cut off`);
  const packed = zip.slice(start, start + packedBytes);
  if (method === 0) return packed;
  if (method !== 8) throw new Error(`${name} is packed by method ${method}`);
  const out = new Uint8Array(bytes);
  inflateSync(new Uint8Array(await packed.arrayBuffer()), { out });
  return new Blob([out]);
}

async function viewOf(blob: Blob): Promise<DataView<ArrayBuffer>> {
  return new DataView(await blob.arrayBuffer());
}

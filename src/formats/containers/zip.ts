import { deflateSync, Inflate, zipSync } from "fflate";
import { FormatError } from "../../domain/errors.ts";
import { joinedBytes } from "./joined-bytes.ts";

/** A zip reader that trusts no declared size: it counts bytes while inflating and checks the CRC. */
export interface ZipLimits {
  readonly files: number;
  readonly inflatedBytes: number;
}

export const ZIP_LIMITS: ZipLimits = { files: 64, inflatedBytes: 1 << 29 };

const DAMAGED = "The file is cut off or damaged: save or download it again.";
const END_BYTES = 22;
const INPUT_CHUNK = 16_384;

export function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] < 8;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly offset: number;
}

/** @throws FormatError when the archive is damaged, encrypted or larger than `limits`. */
export function readZip(
  bytes: Uint8Array,
  wanted: (name: string) => boolean = () => true,
  limits: ZipLimits = ZIP_LIMITS,
): Map<string, Uint8Array> {
  const entries = readDirectory(bytes, limits);
  const files = new Map<string, Uint8Array>();
  let budget = limits.inflatedBytes;
  for (const entry of entries) {
    if (entry.name.endsWith("/") || !wanted(entry.name)) continue;
    const content = readEntry(bytes, entry, budget);
    budget -= content.length;
    if (crc32(content) !== entry.crc) {
      throw new FormatError(`${entry.name} in the archive is damaged`, DAMAGED);
    }
    files.set(entry.name, content);
  }
  return files;
}

function readDirectory(bytes: Uint8Array, limits: ZipLimits): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end < 0) throw new FormatError("The archive has no directory", DAMAGED);
  const { count, start } = directoryAt(view, end);
  if (count > limits.files) {
    throw new FormatError(
      `The archive holds ${count} files`,
      `Save only the tracks: at most ${limits.files} arrays.`,
    );
  }
  const entries: Entry[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) {
      throw new FormatError("The archive's directory is damaged", DAMAGED);
    }
    const nameBytes = view.getUint16(at + 28, true);
    const flags = view.getUint16(at + 8, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes));
    if (flags & 1) throw new FormatError("The archive is encrypted", "Save it without a password.");
    entries.push({
      name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      ...whereabouts(view, at, nameBytes),
    });
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  if (new Set(entries.map((entry) => entry.name)).size !== entries.length) {
    throw new FormatError("The archive holds two files of one name", DAMAGED);
  }
  return entries;
}

/** Number of entries and where the directory starts; a zip64 archive says so in a record of its own. */
function directoryAt(view: DataView, end: number): { count: number; start: number } {
  const count = view.getUint16(end + 10, true);
  const start = view.getUint32(end + 16, true);
  const locator = end - 20;
  const wide = count === 0xffff || start === MAX_32;
  if (!wide || locator < 0 || view.getUint32(locator, true) !== 0x07064b50) return { count, start };
  const record = wideNumber(view, locator + 8);
  if (record + 56 > view.byteLength || view.getUint32(record, true) !== 0x06064b50) {
    throw new FormatError("The archive's directory is damaged", DAMAGED);
  }
  return { count: wideNumber(view, record + 32), start: wideNumber(view, record + 48) };
}

/** Packed size and place of an entry; where 32 bits are not enough, its zip64 extra field has them. */
function whereabouts(view: DataView, at: number, nameBytes: number) {
  const inflatedBytes = view.getUint32(at + 24, true);
  let packedBytes = view.getUint32(at + 20, true);
  let offset = view.getUint32(at + 42, true);
  let field = at + 46 + nameBytes;
  const end = Math.min(view.byteLength, field + view.getUint16(at + 30, true));
  while (field + 4 <= end && view.getUint16(field, true) !== 1) {
    field += 4 + view.getUint16(field + 2, true);
  }
  let value = field + 4 + (inflatedBytes === MAX_32 ? 8 : 0);
  if (packedBytes === MAX_32 && value + 8 <= end) {
    packedBytes = wideNumber(view, value);
    value += 8;
  }
  if (offset === MAX_32 && value + 8 <= end) offset = wideNumber(view, value);
  return { packedBytes, offset };
}

const MAX_32 = 0xffffffff;

/** 64 bits as a number; past 2^53 it is larger than any file and refused as such. */
function wideNumber(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function findEnd(view: DataView): number {
  const lowest = Math.max(0, view.byteLength - END_BYTES - 65_535);
  for (let at = view.byteLength - END_BYTES; at >= lowest; at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  return -1;
}

function readEntry(bytes: Uint8Array, entry: Entry, budget: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { offset, name } = entry;
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== 0x04034b50) {
    throw new FormatError(`${name} is missing from the archive`, DAMAGED);
  }
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + entry.packedBytes > bytes.length) {
    throw new FormatError(`${name} is cut off`, DAMAGED);
  }
  const packed = bytes.subarray(start, start + entry.packedBytes);
  if (entry.method === 0) {
    if (packed.length > budget) throw tooLarge(name);
    return packed;
  }
  if (entry.method !== 8) {
    throw new FormatError(
      `${name} is packed by method ${entry.method}`,
      "Save it with np.savez or np.savez_compressed.",
    );
  }
  return inflate(packed, name, budget);
}

function inflate(packed: Uint8Array, name: string, budget: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  let ended = false;
  const stream = new Inflate((part, final) => {
    total += part.length;
    if (total > budget) throw tooLarge(name);
    parts.push(part);
    ended ||= final;
  });
  try {
    for (let at = 0; at < packed.length || at === 0; at += INPUT_CHUNK) {
      const last = at + INPUT_CHUNK >= packed.length;
      stream.push(packed.subarray(at, at + INPUT_CHUNK), last);
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(`${name} cannot be unpacked`, DAMAGED, { cause: error });
  }
  if (!ended) throw new FormatError(`${name} is cut off`, DAMAGED);
  return joinedBytes(parts);
}

function tooLarge(name: string): FormatError {
  return new FormatError(
    `${name} unpacks to more than can be read here`,
    "Save fewer frames or points.",
  );
}

/** Of a large file so many stretches of so many bytes tell whether deflating it is worth its time. */
const PROBES = 3;
const PROBE_BYTES = 16_384;
/** Positions as 32-bit floats shrink to nine tenths, at 50 ms/MB: they are stored. */
const WORTH_SHARE = 0.85;

/**
 * A zip whose bytes depend only on its files: the date is fixed, in local time as zip has it. Large files
 * that would hardly shrink are stored.
 */
export function writeZip(
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  level: 0 | 6 = 6,
): Uint8Array {
  const mtime = new Date(1980, 0, 1);
  return zipSync(
    Object.fromEntries(
      files.map(({ name, bytes }) => [
        name,
        [bytes, { level: level > 0 && shrinks(bytes) ? level : 0, mtime }],
      ]),
    ),
  );
}

function shrinks(bytes: Uint8Array): boolean {
  if (bytes.length <= 2 * PROBES * PROBE_BYTES) return true;
  const step = Math.floor((bytes.length - PROBE_BYTES) / (PROBES - 1));
  let packed = 0;
  for (let k = 0; k < PROBES; k++) {
    packed += deflateSync(bytes.subarray(k * step, k * step + PROBE_BYTES), { level: 1 }).length;
  }
  return packed < WORTH_SHARE * PROBES * PROBE_BYTES;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

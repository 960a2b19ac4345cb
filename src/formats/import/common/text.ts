import { FormatError } from "../../../domain/errors.ts";

const MAX_TEXT_BYTES = 1 << 28;

/**
 * Text of a file in UTF-8 or UTF-16, with or without a byte order mark, which is left out.
 * @throws FormatError for anything else.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  const encoding = encodingOf(bytes);
  const binary = encoding === "utf-8" && bytes.subarray(0, 4096).includes(0);
  try {
    if (bytes.length <= MAX_TEXT_BYTES && !binary) {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    }
  } catch {
    // Said below, as for other binary files.
  }
  throw new FormatError(
    `“${name}” is not a file of tracks`,
    "Bring .npz, .npy, .safetensors, .json, .csv or .txt; a video opens through “Open clip”.",
  );
}

/** UTF-16 is known by its mark, or by ASCII whose every other byte is zero. */
function encodingOf(bytes: Uint8Array): string {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  const head = bytes.subarray(0, 64);
  if (head.length < 4 || head.length % 2 !== 0) return "utf-8";
  const zeros = (odd: number) => head.every((byte, i) => (i % 2 === odd) === (byte === 0));
  if (zeros(1)) return "utf-16le";
  return zeros(0) ? "utf-16be" : "utf-8";
}

import { unzlibSync } from "fflate";
import { FormatError } from "../../domain/errors.ts";
import { latin1 } from "./npy.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const MAX_PIXELS = 1 << 26;
/** Channels by colour type: grey, RGB, grey with alpha, RGB with alpha. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly bits: 8 | 16;
  /** Row-major, 0 … 2^bits − 1; of a colour picture the mean of its colours. */
  readonly values: Float32Array;
}

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/**
 * A PNG of 8 or 16 bits a channel with all its bits, which a browser's own decoder cuts to 8.
 * @throws FormatError for other depths, palettes, interlaced pictures and damage.
 */
export function readGreyPng(bytes: Uint8Array): GreyPicture {
  const { header, data } = chunksOf(bytes);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [bits, colour, , , interlaced] = header.subarray(8);
  const channels = CHANNELS[colour];
  if ((bits !== 8 && bits !== 16) || !channels || interlaced) {
    throw new FormatError(
      "The PNG is neither 8 nor 16 bits grey or colour",
      "Save it as a grey PNG of 8 or 16 bits, without a palette and not interlaced.",
    );
  }
  if (width * height === 0 || width * height > MAX_PIXELS) throw damaged();
  const bytesEach = bits / 8;
  const rows = unfiltered(data, height, width * channels * bytesEach, channels * bytesEach);
  const values = new Float32Array(width * height);
  const colours = channels > 2 ? 3 : 1;
  for (let i = 0; i < values.length; i++) {
    let sum = 0;
    for (let c = 0; c < colours; c++) {
      const at = (i * channels + c) * bytesEach;
      sum += bytesEach === 2 ? 256 * rows[at] + rows[at + 1] : rows[at];
    }
    values[i] = sum / colours;
  }
  return { width, height, bits, values };
}

function chunksOf(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Uint8Array | null = null;
  const parts: Uint8Array[] = [];
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) throw damaged();
    const type = latin1(bytes.subarray(at + 4, at + 8));
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (type === "IHDR" && length === 13) header = content;
    if (type === "IDAT") parts.push(content);
    at += 12 + length;
  }
  if (!header || parts.length === 0) throw damaged();
  const packed = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let to = 0;
  for (const part of parts) {
    packed.set(part, to);
    to += part.length;
  }
  try {
    return { header, data: unzlibSync(packed) };
  } catch (cause) {
    throw damaged(cause);
  }
}

/** Undoes the filter of each row (PNG 1.2, 6): none, sub, up, average, Paeth. */
function unfiltered(data: Uint8Array, height: number, stride: number, step: number): Uint8Array {
  if (data.length < height * (stride + 1)) throw damaged();
  const rows = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x >= step ? rows[at - step] : 0;
      const above = y > 0 ? rows[at - stride] : 0;
      const corner = x >= step && y > 0 ? rows[at - stride - step] : 0;
      rows[at] = data[y * (stride + 1) + 1 + x] + predicted(filter, left, above, corner);
    }
  }
  return rows;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  if (filter !== 4) return 0;
  const guess = left + above - corner;
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(guess - value));
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

function damaged(cause?: unknown): FormatError {
  return new FormatError("The PNG is damaged", "Save it again.", { cause });
}

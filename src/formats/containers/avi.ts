import type { Size } from "../../domain/clip.ts";
import { FormatError } from "../../domain/errors.ts";
import { joinedBytes } from "./joined-bytes.ts";

/** RIFF counts its bytes with 32 bits; players stop at 2 GB. */
const MOST_BYTES = 2 ** 31 - 2 ** 20;

export interface AviContent {
  /** How each frame is coded: `MJPG` for JPEG files, `MPNG` for PNG files. */
  readonly fourcc: "MJPG" | "MPNG";
  readonly size: Size;
  /** Frames a second. */
  readonly rate: number;
  readonly frameBytes: readonly number[];
}

/**
 * The bytes of an AVI file around picture files that are its frames, to be laid together as `head`,
 * then for each frame `chunkHead(i)`, the frame, a zero where its length is odd, then `tail`.
 * Every frame is a key frame.
 * @throws FormatError where the file would be larger than 2 GB.
 */
export function aviAround({ fourcc, size, rate, frameBytes }: AviContent) {
  const padded = frameBytes.map((bytes) => 8 + bytes + (bytes % 2));
  const moviBytes = 4 + padded.reduce((sum, bytes) => sum + bytes, 0);
  const indexBytes = 16 * frameBytes.length;
  if (moviBytes + indexBytes > MOST_BYTES) {
    throw new FormatError(
      "These pictures are more than 2 GB together",
      "Bring fewer of them, or make a video of them with ffmpeg.",
    );
  }
  const largest = Math.max(...frameBytes);
  const format = list("strl", [
    chunk("strh", [
      text("vids"),
      text(fourcc),
      words(0, 0, 0, 1000, Math.round(rate * 1000), 0, frameBytes.length, largest, -1, 0),
      halves(0, 0, size.width, size.height),
    ]),
    chunk("strf", [
      words(40, size.width, size.height),
      halves(1, 24),
      text(fourcc),
      words(size.width * size.height * 3, 0, 0, 0, 0),
    ]),
  ]);
  const header = list("hdrl", [
    chunk("avih", [
      words(Math.round(1e6 / rate), 0, 0, 0x10, frameBytes.length, 0, 1, largest),
      words(size.width, size.height, 0, 0, 0, 0),
    ]),
    format,
  ]);
  const riffBytes = 4 + header.length + 8 + moviBytes + 8 + indexBytes;
  const head = joinedBytes([
    text("RIFF"),
    words(riffBytes),
    text("AVI "),
    header,
    text("LIST"),
    words(moviBytes),
    text("movi"),
  ]);
  let at = 4;
  const index = frameBytes.map((bytes, i) => {
    const entry = joinedBytes([text("00dc"), words(0x10, at, bytes)]);
    at += padded[i];
    return entry;
  });
  return {
    head,
    chunkHead: (i: number) => joinedBytes([text("00dc"), words(frameBytes[i])]),
    tail: joinedBytes([text("idx1"), words(indexBytes), ...index]),
  };
}

function text(letters: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

/** Little-endian, 32 bits each. */
function words(...values: number[]): Uint8Array<ArrayBuffer> {
  const out = new DataView(new ArrayBuffer(4 * values.length));
  for (const [i, value] of values.entries()) out.setInt32(4 * i, value, true);
  return new Uint8Array(out.buffer);
}

/** Little-endian, 16 bits each. */
function halves(...values: number[]): Uint8Array<ArrayBuffer> {
  const out = new DataView(new ArrayBuffer(2 * values.length));
  for (const [i, value] of values.entries()) out.setUint16(2 * i, value, true);
  return new Uint8Array(out.buffer);
}

function chunk(id: string, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const content = joinedBytes(parts);
  return joinedBytes([text(id), words(content.length), content]);
}

function list(kind: string, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return chunk("LIST", [text(kind), ...parts]);
}

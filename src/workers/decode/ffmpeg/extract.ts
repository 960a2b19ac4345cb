import { type PixelLayout, packedByteLength } from "../../../engine/picture/picture.ts";
import type { FfmpegSource } from "./probe.ts";

/** Timestamps are rounded to microseconds twice, so they may differ by one. */
const TOLERANCE_MICROS = 2;

export interface ExtractRange {
  /** Timestamps of the wanted frames, ascending, at least one. */
  readonly wantedMicros: Float64Array;
  /** Start at the key frame before the range instead of the file's start. */
  readonly seek: boolean;
}

const BEFORE_INPUT = ["-v", "error", "-noautorotate", "-copyts", "-protocol_whitelist", "file"];

/**
 * Command line that writes the stored pictures of a range, unscaled, to standard output and a line
 * "pts:<microseconds>" for each, before it, to standard error. The timestamps tell which picture
 * is which; counting would trust that no frame is damaged.
 */
export function extractArgs(
  input: string,
  source: FfmpegSource,
  range: ExtractRange,
  passthrough: readonly string[],
  target = "pipe:1",
): string[] {
  const { wantedMicros, seek } = range;
  const first = wantedMicros[0];
  const last = wantedMicros[wantedMicros.length - 1];
  const key = seek ? source.keyMicros.findLast((t) => t <= first) : undefined;
  const jumps = key !== undefined && key > source.keyMicros[0];
  const jump = jumps ? ["-seek_timestamp", "1", "-noaccurate_seek", "-ss", `${key / 1e6}`] : [];
  const bounds = `start_pts=${first - TOLERANCE_MICROS}:end_pts=${last + TOLERANCE_MICROS + 1}`;
  const filter = `settb=AVTB,trim=${bounds},${selection(wantedMicros)}${PRINT_TIMES}`;
  return [
    ...BEFORE_INPUT,
    ...jump,
    ...["-i", input, "-map", "0:V:0", "-vf", filter],
    ...passthrough,
    ...["-pix_fmt", source.pixelFormat, "-f", "rawvideo", target],
  ];
}

/** A filter expression grows with the frames it names; past this the sorter drops the others. */
const NAMED_FRAMES = 400;

/** Drops unwanted frames inside ffmpeg: moving one out costs as much as decoding it. */
function selection(wantedMicros: Float64Array): string {
  if (wantedMicros.length > NAMED_FRAMES) return "";
  return `select='${anyOf(wantedMicros, 0, wantedMicros.length)}',`;
}

/** A balanced sum: ffmpeg's expression parser gives up on a flat one of about a hundred terms. */
function anyOf(times: Float64Array, start: number, end: number): string {
  if (end - start === 1) {
    const t = times[start];
    return `between(pts,${t - TOLERANCE_MICROS},${t + TOLERANCE_MICROS})`;
  }
  const middle = (start + end) >> 1;
  return `(${anyOf(times, start, middle)}+${anyOf(times, middle, end)})`;
}

/** Command line that decodes everything and prints only the timestamps. */
export function timesArgs(input: string, passthrough: readonly string[]): string[] {
  const filter = `settb=AVTB,${PRINT_TIMES}`;
  const map = ["-i", input, "-map", "0:V:0", "-vf", filter];
  return [...BEFORE_INPUT, ...map, ...passthrough, "-f", "null", "-"];
}

/** The print filter speaks only when a frame has metadata, so one entry is added first. */
const PRINT_TIMES = "metadata=mode=add:key=f:value=1,metadata=mode=print:direct=1:file='pipe\\:2'";

/** The timestamp that a line of standard error announces, if it announces one. */
export function timeOfLine(line: string): number | undefined {
  const match = /^frame:\s*\d+\s+pts:(-?\d+)/.exec(line);
  return match ? Number(match[1]) : undefined;
}

/** Receives a stored picture; the bytes are reused after the call. */
export type OnStored = (nativeIndex: number, bytes: Uint8Array) => void;

/**
 * Puts ffmpeg's two streams back together and picks the wanted pictures. A wanted picture that
 * cannot be decoded is shown as the one before it (the one after it at the very start).
 */
export class PictureSorter {
  private readonly frame: Uint8Array;
  private filled = 0;
  private readonly times: number[] = [];
  private next = 0;
  private last: Uint8Array | undefined;
  /** Timestamp of the first picture that came. */
  firstMicros: number | undefined;

  constructor(
    source: FfmpegSource,
    private readonly wantedMicros: Float64Array,
    private readonly onWanted: (position: number, bytes: Uint8Array) => void,
    layout: PixelLayout = source.layout,
  ) {
    this.frame = new Uint8Array(packedByteLength(layout, source.storedSize));
  }

  get delivered(): number {
    return this.next;
  }

  addLine(line: string): void {
    const time = timeOfLine(line);
    if (time === undefined) return;
    this.firstMicros ??= time;
    this.times.push(time);
    this.deliver();
  }

  addBytes(chunk: Uint8Array): void {
    let from = 0;
    while (from < chunk.length) {
      const length = Math.min(chunk.length - from, this.frame.length - this.filled);
      this.frame.set(chunk.subarray(from, from + length), this.filled);
      this.filled += length;
      from += length;
      if (this.filled < this.frame.length) return;
      this.filled = 0;
      this.addFrame();
    }
  }

  /** After the last byte: what is still wanted repeats the last picture. */
  finish(): void {
    this.deliver();
    while (this.last && this.next < this.wantedMicros.length) {
      this.onWanted(this.next++, this.last);
    }
  }

  private readonly waiting: Uint8Array[] = [];

  private addFrame(): void {
    this.waiting.push(this.frame.slice());
    this.deliver();
  }

  private deliver(): void {
    while (this.waiting.length > 0 && this.times.length > 0) {
      const bytes = this.waiting.shift() as Uint8Array;
      const time = this.times.shift() as number;
      while (this.wanted() < time - TOLERANCE_MICROS) {
        this.onWanted(this.next++, this.last ?? bytes);
      }
      if (this.wanted() <= time + TOLERANCE_MICROS) this.onWanted(this.next++, bytes);
      this.last = bytes;
    }
  }

  private wanted(): number {
    return this.wantedMicros[this.next] ?? Number.POSITIVE_INFINITY;
  }
}

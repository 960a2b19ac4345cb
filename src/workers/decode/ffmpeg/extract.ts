import type { Size } from "../../../domain/clip.ts";
import type { FfmpegSource } from "./probe.ts";

/** Timestamps are rounded to microseconds twice, so they may differ by one. */
export const TOLERANCE_MICROS = 2;

/** A wanted picture: the `nth` (from 0) of those with the timestamp `micros`. */
export interface WantedPicture {
  readonly micros: number;
  readonly nth: number;
}

export interface ExtractRange {
  /** In presentation order, at least one. */
  readonly wanted: readonly WantedPicture[];
  /** Start at the key frame before the range instead of the file's start. */
  readonly seek: boolean;
}

/** "repeat": otherwise a line that equals the last one would only be counted. */
const BEFORE_INPUT = ["-v", "repeat+error", "-noautorotate"];

/** Options of the input that every command line shares. Without -copyts ffmpeg lets glued parts follow. */
function input(path: string, { decoder, isGlued }: FfmpegSource): string[] {
  const clock = isGlued ? [] : ["-copyts"];
  const codec = decoder ? ["-c:v", decoder] : [];
  return [...clock, "-protocol_whitelist", "file", ...codec, "-i", path];
}

/**
 * Command line that writes the stored pictures of a range, unscaled, to standard output and before
 * each its size and a line "pts:<microseconds>" to standard error. The timestamps tell which picture
 * is which; counting would trust that no frame is damaged.
 */
export function extractArgs(
  path: string,
  source: FfmpegSource,
  { wanted, seek }: ExtractRange,
  passthrough: readonly string[],
  target = "pipe:1",
): string[] {
  const first = wanted[0].micros;
  const last = wanted[wanted.length - 1].micros;
  // Of frames with one timestamp some may come before the key frame that shares it.
  const latest = wanted[0].nth > 0 ? first - TOLERANCE_MICROS : first;
  const key = seek ? source.keyMicros.findLast((t) => t <= latest) : undefined;
  const jumps = key !== undefined && key > source.keyMicros[0];
  const jump = jumps ? ["-seek_timestamp", "1", "-noaccurate_seek", "-ss", `${key / 1e6}`] : [];
  const bounds = `start_pts=${first - TOLERANCE_MICROS}:end_pts=${last + TOLERANCE_MICROS + 1}`;
  const filter = `settb=AVTB,trim=${bounds},${selection(wanted)}${PRINT_SIZES},${PRINT_TIMES}`;
  return [
    ...BEFORE_INPUT,
    ...jump,
    ...input(path, source),
    ...["-map", `0:${source.streamIndex}`, "-vf", filter, "-autoscale", "0"],
    ...passthrough,
    ...["-pix_fmt", source.pixelFormat, "-f", "rawvideo", target],
  ];
}

/** A filter expression grows with the frames it names; past this the sorter drops the others. */
const NAMED_FRAMES = 400;

/** Drops unwanted frames inside ffmpeg: moving one out costs as much as decoding it. */
function selection(wanted: readonly WantedPicture[]): string {
  const times = [...new Set(wanted.map(({ micros }) => micros))];
  if (times.length > NAMED_FRAMES) return "";
  return `select='${anyOf(times, 0, times.length)}',`;
}

/** A balanced sum: ffmpeg's expression parser gives up on a flat one of about a hundred terms. */
function anyOf(times: readonly number[], start: number, end: number): string {
  if (end - start === 1) {
    const t = times[start];
    return `between(pts,${t - TOLERANCE_MICROS},${t + TOLERANCE_MICROS})`;
  }
  const middle = (start + end) >> 1;
  return `(${anyOf(times, start, middle)}+${anyOf(times, middle, end)})`;
}

/** Command line that decodes everything and prints only the timestamps. */
export function timesArgs(
  path: string,
  source: FfmpegSource,
  passthrough: readonly string[],
): string[] {
  const filter = `settb=AVTB,${PRINT_TIMES}`;
  const map = [...input(path, source), "-map", `0:${source.streamIndex}`, "-vf", filter];
  return [...BEFORE_INPUT, ...map, ...passthrough, "-f", "null", "-"];
}

/** The print filter speaks only when a frame has metadata, so one entry is added first. */
const PRINT_TIMES = "metadata=mode=add:key=f:value=1,metadata=mode=print:direct=1:file='pipe\\:2'";

/** A crop that cuts nothing: its expression, evaluated for each frame, prints the size (16 = error). */
const PRINT_SIZES = "crop=iw:ih:'0*print(iw*65536+ih,16)':0:exact=1";

/** The timestamp that a line of standard error announces, if it announces one. */
export function timeOfLine(line: string): number | undefined {
  const match = /^frame:\s*\d+\s+pts:(-?\d+)/.exec(line);
  return match ? Number(match[1]) : undefined;
}

/** The picture's size that a line of standard error announces, if it announces one. */
export function sizeOfLine(line: string): Size | undefined {
  const match = /^(?:\[Eval @ [^\]]*\] )?(\d+)\.0+\s*$/.exec(line);
  if (!match) return undefined;
  const packed = Number(match[1]);
  return { width: Math.floor(packed / 65536), height: packed % 65536 };
}

import type { Size } from "../../../domain/clip.ts";
import { MediaError } from "../../../domain/errors.ts";
import { UPRIGHT } from "../../../domain/fitting.ts";
import { type Job, throwIfCancelled } from "../../../domain/job.ts";
import { nativeTiming } from "../../../domain/timing.ts";
import {
  type Picture,
  type PixelLayout,
  type PlanePlace,
  packedPlaces,
  pictureFromBytes,
} from "../../../engine/picture/picture.ts";
import { animationTimes, apngStays } from "../animation.ts";
import type { ByteSource } from "../bytes.ts";
import { readOrientation } from "../exif.ts";
import { fileKind, refusal } from "../kind.ts";
import { extractArgs, timeOfLine, timesArgs, type WantedPicture } from "./extract.ts";
import {
  type FfmpegSource,
  noFrames,
  notAVideo,
  type ProbeReport,
  probeArgs,
  readProbe,
  withTimes,
} from "./probe.ts";
import type { FfmpegRunner } from "./runner.ts";
import { PictureSorter } from "./sorter.ts";

/**
 * Learns what is in the runner's file, `file`. Throws MediaError when there is nothing to decode.
 */
export async function probeSource(
  runner: FfmpegRunner,
  file: ByteSource,
  passthrough: readonly string[],
  job?: Job,
): Promise<FfmpegSource> {
  const kind = await fileKind(file);
  const turned = await readOrientation(file, kind);
  const source = await probeOpened(runner, passthrough, job).catch((error: unknown) => {
    throw (error instanceof MediaError && refusal(kind)) || error;
  });
  // Some versions of ffmpeg read the EXIF of some formats; one rule for all is ours.
  const isExif = /^(image\/(jpeg|png|webp)|camera raw)$/.test(kind ?? "");
  if (kind === "image/bmp") return { ...source, isOpaque: await isOpaqueBmp(file) };
  const upright = isExif ? { ...source, orientation: turned?.orientation ?? UPRIGHT } : source;
  return kind === "image/png" && source.kind === "video" ? withStays(upright, file) : upright;
}

/** Without a mask (compression 0) the fourth byte of a pixel means nothing, as browsers have it. */
async function isOpaqueBmp(file: ByteSource): Promise<boolean> {
  return (await file.read(30, 1))[0] === 0;
}

async function withStays(source: FfmpegSource, file: ByteSource): Promise<FfmpegSource> {
  const stays = await apngStays(file);
  if (stays.length !== source.timing.ptsSecs.length) return source;
  return { ...source, timing: nativeTiming(animationTimes(stays)) };
}

async function probeOpened(
  runner: FfmpegRunner,
  passthrough: readonly string[],
  job?: Job,
): Promise<FfmpegSource> {
  const chunks: string[] = [];
  const text = new TextDecoder();
  const onBytes = (chunk: Uint8Array) => chunks.push(text.decode(chunk, { stream: true }));
  await runner.run("ffprobe", probeArgs(runner.input), { onBytes }, job?.signal);
  const report = parseReport(chunks.join(""));
  const { source, timesMissing } = readProbe(report);
  if (!timesMissing) return source;
  return withTimes(source, await decodeTimes(runner, source, passthrough, job));
}

function parseReport(text: string): ProbeReport {
  try {
    return JSON.parse(text) as ProbeReport;
  } catch {
    throw notAVideo();
  }
}

async function decodeTimes(
  runner: FfmpegRunner,
  source: FfmpegSource,
  passthrough: readonly string[],
  job?: Job,
): Promise<number[]> {
  const times: number[] = [];
  const onErrorLine = (line: string) => {
    const time = timeOfLine(line);
    if (time !== undefined) times.push(time);
  };
  const args = timesArgs(runner.input, source, passthrough);
  await runner.run("ffmpeg", args, { onErrorLine }, job?.signal);
  return times;
}

/**
 * Decodes the native frames `nativeIndices` (ascending) and hands each over in order.
 * Throws MediaError when nothing can be decoded.
 */
export async function extractPictures(
  runner: FfmpegRunner,
  source: FfmpegSource,
  passthrough: readonly string[],
  nativeIndices: readonly number[],
  onPicture: (position: number, picture: Picture) => void,
  job?: Job,
): Promise<void> {
  if (nativeIndices.length === 0) return;
  const wanted = nativeIndices.map((index) => wantedPicture(source.ptsMicros, index));
  const { layout, colour, field, isOpaque } = source;
  const places = new PlacesBySize(layout);
  const attempt = async (seek: boolean) => {
    const early: number[] = [];
    const sorter = new PictureSorter(source, wanted, (position, bytes, size) => {
      const late = seek && sorter.firstMicros !== undefined && missedStart(sorter.firstMicros);
      if (late) early.push(position);
      else {
        const picture = pictureFromBytes(bytes, layout, size, places.of(size), colour, isOpaque);
        onPicture(position, field ? { ...picture, field } : picture);
      }
    });
    const args = extractArgs(runner.input, source, { wanted, seek }, passthrough);
    const output = {
      onBytes: (chunk: Uint8Array) => sorter.addBytes(chunk),
      onErrorLine: (line: string) => sorter.addLine(line),
    };
    await runner.run("ffmpeg", args, output, job?.signal);
    throwIfCancelled(job);
    sorter.finish();
    return early.length === 0 && sorter.delivered === wanted.length;
  };
  const missedStart = (firstMicros: number) => firstMicros > wanted[0].micros + 2;
  if (await attempt(true)) return;
  if (!(await attempt(false))) throw noFrames();
}

/** `ptsMicros` is ascending. */
function wantedPicture(ptsMicros: Float64Array, index: number): WantedPicture {
  const micros = ptsMicros[index];
  let nth = 0;
  while (nth < index && ptsMicros[index - nth - 1] === micros) nth++;
  return { micros, nth };
}

class PlacesBySize {
  private size: Size = { width: 0, height: 0 };
  private places: readonly PlanePlace[] = [];

  constructor(private readonly layout: PixelLayout) {}

  of(size: Size): readonly PlanePlace[] {
    if (size.width !== this.size.width || size.height !== this.size.height) {
      this.size = size;
      this.places = packedPlaces(this.layout, size);
    }
    return this.places;
  }
}

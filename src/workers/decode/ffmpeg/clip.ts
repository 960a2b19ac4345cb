import { type Job, throwIfCancelled } from "../../../domain/job.ts";
import { type Picture, packedPlaces, pictureFromBytes } from "../../../engine/picture/picture.ts";
import { extractArgs, PictureSorter, timeOfLine, timesArgs } from "./extract.ts";
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

/** Learns what is in the runner's file. Throws MediaError when there is nothing to decode. */
export async function probeSource(
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
  return withTimes(source, await decodeTimes(runner, passthrough, job));
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
  passthrough: readonly string[],
  job?: Job,
): Promise<number[]> {
  const times: number[] = [];
  const onErrorLine = (line: string) => {
    const time = timeOfLine(line);
    if (time !== undefined) times.push(time);
  };
  await runner.run("ffmpeg", timesArgs(runner.input, passthrough), { onErrorLine }, job?.signal);
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
  const wantedMicros = Float64Array.from(nativeIndices, (i) => source.ptsMicros[i]);
  const places = packedPlaces(source.layout, source.storedSize);
  const attempt = async (seek: boolean) => {
    const early: { position: number; bytes: Uint8Array }[] = [];
    const sorter = new PictureSorter(source, wantedMicros, (position, bytes) => {
      const late = seek && sorter.firstMicros !== undefined && missedStart(sorter.firstMicros);
      if (late) early.push({ position, bytes });
      else {
        const { layout, storedSize, colour } = source;
        onPicture(position, pictureFromBytes(bytes, layout, storedSize, places, colour));
      }
    });
    const range = { wantedMicros, seek };
    const args = extractArgs(runner.input, source, range, passthrough);
    const output = {
      onBytes: (chunk: Uint8Array) => sorter.addBytes(chunk),
      onErrorLine: (line: string) => sorter.addLine(line),
    };
    await runner.run("ffmpeg", args, output, job?.signal);
    throwIfCancelled(job);
    sorter.finish();
    return early.length === 0 && sorter.delivered === wantedMicros.length;
  };
  const missedStart = (firstMicros: number) => firstMicros > wantedMicros[0] + 2;
  if (await attempt(true)) return;
  if (!(await attempt(false))) throw noFrames();
}

import createCore from "@ffmpeg/core";
import wasmUrl from "@ffmpeg/core/wasm?url";
import { RuntimeLostError } from "../../../domain/errors.ts";
import type { Progress } from "../../../domain/job.ts";
import type { Backend } from "../backend.ts";
import { blobBytes } from "../bytes.ts";
import { extractPictures, probeSource } from "./clip.ts";
import { coreRunner, type RandomAccess } from "./core.ts";
import type { FfmpegSource } from "./probe.ts";
import type { FfmpegRunner } from "./runner.ts";

const PASSTHROUGH = ["-vsync", "passthrough"];
/**
 * The demuxer reads 32 KiB at a time; one blob read costs more than the bytes. A file without an
 * index is read from its start to its end: the window grows while reads follow one another.
 */
const READ_AHEAD = 1 << 20;
const MAX_READ_AHEAD = 16 << 20;

export interface FfmpegBackend extends Backend {
  readonly source: FfmpegSource;
  readonly decodedBy: "ffmpeg.wasm";
}

/** Downloads and compiles the core, about 10 MB compressed. Throws RuntimeLostError. */
export async function loadCore(): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compileStreaming(fetch(wasmUrl));
  } catch (cause) {
    throw new RuntimeLostError(
      "The decoder for this kind of clip could not be loaded.",
      "Check the connection and open the clip again, or convert it to H.264 MP4.",
      { cause },
    );
  }
}

/** Of opening, in bytes of the file. Some containers store no times: their frames are decoded once. */
const STAGES = { ffprobe: "read through", ffmpeg: "find times" } as const;

/** `onRead` is called whenever the core reads, with how far into the file it is. */
export async function openWithFfmpeg(
  file: Blob,
  compiled: WebAssembly.Module,
  onRead: (progress: Progress) => void,
  resume?: FfmpegSource,
): Promise<FfmpegBackend> {
  let stage: Progress["stage"] = STAGES.ffprobe;
  const access = blobAccess(file, (done) => onRead({ stage, done, total: file.size }));
  const core = coreRunner(createCore, compiled, access);
  const runner: FfmpegRunner = {
    input: core.input,
    run(tool, ...rest) {
      stage = STAGES[tool];
      return core.run(tool, ...rest);
    },
  };
  const source = resume ?? (await probeSource(runner, blobBytes(file), PASSTHROUGH));
  return {
    source,
    decodedBy: "ffmpeg.wasm",
    pictures: (indices, onPicture, job) =>
      extractPictures(runner, source, PASSTHROUGH, indices, onPicture, job),
    close() {},
  };
}

/** Reads a blob in place. Only workers may do so synchronously. */
function blobAccess(file: Blob, onRead: (end: number) => void): RandomAccess {
  const reader = new FileReaderSync();
  let ahead = new Uint8Array(0);
  let aheadAt = 0;
  let window = READ_AHEAD;
  return {
    size: file.size,
    read(position, length) {
      const end = position + length;
      onRead(end);
      if (position < aheadAt || end > aheadAt + ahead.length) {
        const follows = ahead.length > 0 && position <= aheadAt + ahead.length && end > aheadAt;
        window = follows ? Math.min(2 * window, MAX_READ_AHEAD) : READ_AHEAD;
        const slice = file.slice(position, position + Math.max(length, window));
        ahead = new Uint8Array(reader.readAsArrayBuffer(slice));
        aheadAt = position;
      }
      return ahead.subarray(position - aheadAt, end - aheadAt);
    },
  };
}

import { execFile } from "node:child_process";
import { open, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ClipInfo, Size, WorkingOptions } from "../../domain/clip.ts";
import { MediaError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { ClipDecoder, FrameTaps, OpenClip } from "../../domain/ports.ts";
import { loadPictureKernel } from "../../engine/kernels/build.ts";
import { askedOf } from "../../engine/tracking/luma.ts";
import type { Backend } from "../../workers/decode/backend.ts";
import type { ByteSource } from "../../workers/decode/bytes.ts";
import { extractPictures, probeSource } from "../../workers/decode/ffmpeg/clip.ts";
import type { FfmpegRunner } from "../../workers/decode/ffmpeg/runner.ts";
import { FrameMaker } from "../../workers/decode/frame-maker.ts";
import { fileKind } from "../../workers/decode/kind.ts";
import {
  placementFor,
  type WorkingClip,
  wantedNatives,
  workingClip,
} from "../../workers/decode/source.ts";
import { openPictures } from "./pictures.ts";
import { spawnRunner } from "./spawn.ts";
import { openStill } from "./still.ts";

/** An ffmpeg that this machine can run. */
export interface Ffmpeg {
  readonly decodedBy: ClipInfo["decodedBy"];
  /** Option that keeps every frame at its own time: its name changed with version 5.1. */
  readonly passthrough: readonly string[];
  runner(path: string): FfmpegRunner;
}

export interface NodeDecoderOptions {
  /** Another than the machine's own, for tests and measurements. */
  readonly ffmpeg?: Ffmpeg;
  /** A folder is a clip of its numbered pictures, so many a second. */
  readonly pictureRate?: number | undefined;
}

/** Opens clips by path, with ffmpeg for the most part. Rejects with MediaError for what is not a clip. */
export function createNodeDecoder({
  ffmpeg,
  pictureRate,
}: NodeDecoderOptions = {}): ClipDecoder<string> {
  let found = ffmpeg && Promise.resolve(ffmpeg);
  return {
    async open(source, options, job) {
      throwIfCancelled(job);
      if ((await stat(source).catch(() => null))?.isDirectory()) {
        return clipOf(await openPictures(source, pictureRate), source, options);
      }
      found ??= findFfmpeg();
      return openPath(await found, source, options, job);
    },
  };
}

async function findFfmpeg(): Promise<Ffmpeg> {
  return (await nativeFfmpeg()) ?? wasmFfmpeg();
}

/** The ffmpeg and ffprobe on the PATH, or null when one is missing. */
export async function nativeFfmpeg(): Promise<Ffmpeg | null> {
  const [version, probe] = await Promise.all([versionOf("ffmpeg"), versionOf("ffprobe")]);
  if (!version || !probe) return null;
  const major = Number(/version n?(\d+)/.exec(version)?.[1] ?? 99);
  return {
    decodedBy: "ffmpeg",
    passthrough: major >= 6 ? ["-fps_mode", "passthrough"] : ["-vsync", "passthrough"],
    runner: (path) => spawnRunner((tool) => [tool], `file:${resolve(path)}`),
  };
}

/** The core of ffmpeg.wasm, as in the page: slower, but it comes with the npm packages. */
export function wasmFfmpeg(): Ffmpeg {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const script = fileURLToPath(new URL("./wasm-child.ts", import.meta.url));
  return {
    decodedBy: "ffmpeg.wasm",
    passthrough: ["-vsync", "passthrough"],
    runner(path) {
      const program = [process.execPath, "--import", loader, script, resolve(path)] as const;
      return spawnRunner((tool) => [...program, tool], "/clip");
    },
  };
}

function versionOf(tool: string): Promise<string | null> {
  return new Promise((done) => {
    execFile(tool, ["-version"], (error, stdout) => done(error ? null : stdout));
  });
}

async function openPath(
  ffmpeg: Ffmpeg,
  path: string,
  options: WorkingOptions,
  job?: Job,
): Promise<OpenClip> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) throw new MediaError(`There is no file ${path}.`, "Check the path.");
  if (facts.size === 0) {
    throw new MediaError("The file is empty (0 bytes).", "Copy it again from its source.");
  }
  const backend = await withFile(path, async (file) => {
    const still = await openStill(path, file, await fileKind(file));
    return still ?? openFfmpeg(ffmpeg, path, file, job);
  });
  return clipOf(backend, path, options);
}

function clipOf(backend: Backend, path: string, options: WorkingOptions): OpenClip {
  const working = workingClip(backend.source, options, basename(path), backend.decodedBy);
  return new NodeClip(backend, options, working);
}

async function openFfmpeg(
  { runner: runnerOf, passthrough, decodedBy }: Ffmpeg,
  path: string,
  file: ByteSource,
  job?: Job,
): Promise<Backend> {
  const runner = runnerOf(path);
  const source = await probeSource(runner, file, passthrough, job);
  return {
    source,
    decodedBy,
    pictures: (indices, onPicture, reading) =>
      extractPictures(runner, source, passthrough, indices, onPicture, reading),
    close() {},
  };
}

async function withFile<T>(path: string, work: (file: ByteSource) => Promise<T>): Promise<T> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    return await work({
      size,
      async read(at, length) {
        const bytes = new Uint8Array(Math.max(0, Math.min(length, size - at)));
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, at);
        return bytes.subarray(0, bytesRead);
      },
    });
  } finally {
    await handle.close();
  }
}

class NodeClip implements OpenClip {
  constructor(
    private readonly backend: Backend,
    private readonly options: WorkingOptions,
    private readonly working: WorkingClip,
  ) {}

  get info(): ClipInfo {
    return this.working.info;
  }

  async read(
    start: number,
    end: number,
    size: Size,
    taps: FrameTaps,
    job: Job = {},
  ): Promise<void> {
    throwIfCancelled(job);
    const wanted = wantedNatives(this.working.timing, start, end);
    const { onLuma, onFrame, onPlanar } = taps;
    const placement = placementFor(this.backend.source, this.options, size);
    const maker = new FrameMaker(placement, await loadPictureKernel());
    await this.backend.pictures(
      wanted.map((w) => w.nativeIndex),
      (position, picture) => {
        const { workingIndices } = wanted[position];
        const asked = workingIndices.map((index) => askedOf(taps, index));
        const { rgba, planar, gray } = maker.make(picture, {
          picture: asked.some(({ frame }) => frame),
          planar: asked.some((of) => of.planar),
          luma: onLuma !== undefined,
        });
        for (const [k, index] of workingIndices.entries()) {
          if (gray) onLuma?.({ size, gray }, index);
          if (rgba && asked[k].frame) onFrame?.({ index, size, rgba });
          if (planar && asked[k].planar) onPlanar?.(planar, index);
          const done = index + 1 - start;
          job.onProgress?.({ stage: "decode", done, total: end - start });
        }
      },
      job,
    );
  }

  async close(): Promise<void> {
    this.backend.close();
  }
}

import { MediaError } from "../../domain/errors.ts";
import { type Job, type Progress, throwIfCancelled } from "../../domain/job.ts";
import type { Heartbeat } from "../channel/heartbeat.ts";
import type { Backend } from "./backend.ts";
import { blobBytes } from "./bytes.ts";
import type { FfmpegBackend } from "./ffmpeg/page.ts";
import { fileKind, isHopeless, isImage, refusal } from "./kind.ts";
import type { OpenRequest, Resume } from "./protocol.ts";
import { openImage } from "./webcodecs/image.ts";
import { openWithWebCodecs } from "./webcodecs/video.ts";

/** A slow download of the core is no reason to give the thread up; one that stands still is. */
const DOWNLOAD_MILLIS = 180_000;

let core: WebAssembly.Module | undefined;

/**
 * The browser's own decoders first: they are faster and need no download. Rejects with MediaError
 * for what is not a clip, RuntimeLostError where a decoder stalls or cannot be loaded.
 */
export async function openBackend(
  request: OpenRequest,
  heartbeat: Heartbeat,
  job: Job,
): Promise<Backend> {
  const { file, only, resume } = request;
  core = request.core;
  if (resume || only === "ffmpeg.wasm") return openFfmpeg(request, heartbeat, job);
  const kind = await fileKind(blobBytes(file));
  if (isHopeless(kind)) throw refusal(kind);
  if (!kind) heartbeat.setBlocks(false);
  const own = isImage(kind)
    ? await openImage(file, kind, job)
    : await openWithWebCodecs(file, job).catch((error: unknown) => {
        // Any other failure here says nothing about ffmpeg.
        if (error instanceof MediaError) throw refusal(kind) ?? error;
        throwIfCancelled(job);
        return null;
      });
  if (own) return own;
  if (only) throw new MediaError(`${only} cannot decode this clip.`, "Leave the choice open.");
  return openFfmpeg(request, heartbeat, job);
}

export async function openFfmpeg(
  request: OpenRequest,
  heartbeat: Heartbeat,
  job: Job,
): Promise<Backend> {
  heartbeat.setBlocks(true);
  const { loadCore, openWithFfmpeg } = await import("./ffmpeg/page.ts");
  job.onProgress?.({ stage: "load decoder", done: 0, total: 1 });
  core ??= await heartbeat.patiently(loadCore(), DOWNLOAD_MILLIS);
  job.onProgress?.({ stage: "load decoder", done: 1, total: 1 });
  throwIfCancelled(job);
  let opening = true;
  const onRead = (progress: Progress) => {
    if (heartbeat.beat() && opening) job.onProgress?.(progress);
  };
  const backend = await openWithFfmpeg(request.file, core, onRead, request.resume);
  opening = false;
  return backend;
}

/** What a later thread need not find out or load again. */
export function resumeOf(backend: Backend): Resume | undefined {
  if (backend.decodedBy !== "ffmpeg.wasm" || !core) return undefined;
  return { ffmpeg: (backend as FfmpegBackend).source, core };
}

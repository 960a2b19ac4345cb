import { isCancelled, MediaError, RuntimeLostError, serializeError } from "../../domain/errors.ts";
import { type Job, type Progress, throwIfCancelled } from "../../domain/job.ts";
import type { Picture } from "../../engine/picture/picture.ts";
import { PictureRenderer } from "../../engine/picture/render.ts";
import { holdLifeline } from "../lifeline.ts";
import type { Backend } from "./backend.ts";
import type { FfmpegBackend } from "./ffmpeg/page.ts";
import type { DecodeReply, DecodeRequest } from "./protocol.ts";
import {
  placementFor,
  timingFrom,
  type WorkingClip,
  wantedNatives,
  workingClip,
} from "./source.ts";
import { imageType, openImage } from "./webcodecs/image.ts";
import { openWithWebCodecs } from "./webcodecs/video.ts";

type OpenRequest = Extract<DecodeRequest, { kind: "open" }>;
type ReadRequest = Extract<DecodeRequest, { kind: "read" }>;

interface Opened {
  readonly request: OpenRequest;
  working: WorkingClip;
  backend: Backend;
}

const ALIVE_MILLIS = 1000;
const DOWNLOAD_MILLIS = 180_000;

let opened: Promise<Opened> | undefined;
let core: WebAssembly.Module | undefined;
/** The browser's decoders leave the thread free to say that it lives, ffmpeg does not. */
let blocks = true;
let lastAlive = Number.NEGATIVE_INFINITY;
const running = new Map<number, AbortController>();

function send(reply: DecodeReply, transfer: Transferable[] = []): void {
  self.postMessage(reply, { transfer });
}

holdLifeline();
self.addEventListener("message", ({ data }: MessageEvent<DecodeRequest>) => {
  if (data.kind === "cancel") running.get(data.id)?.abort();
  else serve(data);
});

async function serve(request: OpenRequest | ReadRequest): Promise<void> {
  const { id } = request;
  const controller = new AbortController();
  running.set(id, controller);
  alive();
  const beat = setInterval(() => blocks || alive(), ALIVE_MILLIS / 2);
  const job: Job = {
    signal: controller.signal,
    onProgress: (progress) => send({ kind: "progress", id, progress }),
  };
  try {
    if (request.kind === "open") {
      opened = open(request, job);
      send(openedReply(id, await opened));
    } else {
      if (!opened) throw new Error("read before open");
      await read(await opened, request, job);
      send({ kind: "done", id });
    }
  } catch (error) {
    send({ kind: "failed", id, error: serializeError(error) });
  } finally {
    clearInterval(beat);
    running.delete(id);
  }
}

function openedReply(id: number, { working, backend }: Opened): DecodeReply {
  const { info } = working;
  if (backend.decodedBy !== "ffmpeg.wasm" || !core) return { kind: "opened", id, info };
  return { kind: "opened", id, info, resume: { ffmpeg: (backend as FfmpegBackend).source, core } };
}

async function open(request: OpenRequest, job: Job): Promise<Opened> {
  core = request.core;
  const backend = await chooseBackend(request, job);
  return { request, backend, working: workingFrom(backend, request) };
}

function workingFrom(
  { source, decodedBy }: Backend,
  { options, name, frameTimesSecs }: OpenRequest,
): WorkingClip {
  const own = workingClip(source, options, name, decodedBy);
  if (!frameTimesSecs) return own;
  return { ...own, timing: timingFrom(source, own.timing, frameTimesSecs) };
}

/** The browser's own decoders first: they are faster and need no download. */
async function chooseBackend(request: OpenRequest, job: Job): Promise<Backend> {
  const { file, only, resume } = request;
  if (!resume && (only === undefined || only !== "ffmpeg.wasm")) {
    const type = await imageType(file);
    if (!type) tellBlocks(false);
    const own = type
      ? await openImage(file, type, job)
      : await openWithWebCodecs(file, job).catch((error: unknown) => {
          // Any other failure of this way says nothing about the next.
          if (error instanceof MediaError) throw error;
          throwIfCancelled(job);
          return null;
        });
    if (own) return own;
    if (only) throw new MediaError(`${only} cannot decode this clip.`, "Leave the choice open.");
  }
  return openFfmpeg(request, job);
}

async function openFfmpeg(request: OpenRequest, job: Job): Promise<Backend> {
  tellBlocks(true);
  const { loadCore, openWithFfmpeg } = await import("./ffmpeg/page.ts");
  job.onProgress?.({ stage: "load decoder", done: 0, total: 1 });
  core ??= await patiently(loadCore());
  job.onProgress?.({ stage: "load decoder", done: 1, total: 1 });
  throwIfCancelled(job);
  let opening = true;
  const onRead = (progress: Progress) => {
    if (alive() && opening) job.onProgress?.(progress);
  };
  const backend = await openWithFfmpeg(request.file, core, onRead, request.resume);
  opening = false;
  return backend;
}

/** A slow download is no reason to give the worker up; one that stands still is. */
async function patiently<T>(work: Promise<T>): Promise<T> {
  const until = performance.now() + DOWNLOAD_MILLIS;
  const beat = setInterval(() => performance.now() < until && alive(), ALIVE_MILLIS);
  return work.finally(() => clearInterval(beat));
}

/** True where the last word was long enough ago for another. */
function alive(): boolean {
  const now = performance.now();
  if (now - lastAlive < ALIVE_MILLIS) return false;
  lastAlive = now;
  send({ kind: "alive", blocks });
  return true;
}

function tellBlocks(now: boolean): void {
  blocks = now;
  lastAlive = Number.NEGATIVE_INFINITY;
  alive();
}

async function read(clip: Opened, request: ReadRequest, job: Job): Promise<void> {
  const first = clip.backend;
  let next = request.start;
  const onFrame = (index: number) => {
    next = index + 1;
  };
  try {
    await decode(clip, request, next, onFrame, job);
  } catch (error) {
    throwIfCancelled(job);
    if (first.decodedBy !== "webcodecs" || clip.request.only) throw damagedPart(error);
    try {
      await secondWay(clip, job, error);
      await decode(clip, request, next, onFrame, job);
    } catch (failure) {
      throw damagedPart(failure);
    }
  }
}

/** Sends the working frames from `start` to the request's end. */
async function decode(
  { backend, working, request: { options } }: Opened,
  { id, end, size }: ReadRequest,
  start: number,
  onFrame: (index: number) => void,
  job: Job,
): Promise<void> {
  const wanted = wantedNatives(working.timing, start, end);
  const renderer = new PictureRenderer(placementFor(backend.source, options, size));
  const indices = wanted.map((w) => w.nativeIndex);
  const onPicture = (position: number, picture: Picture) => {
    const rgba = renderer.render(picture);
    const { workingIndices } = wanted[position];
    for (const [k, index] of workingIndices.entries()) {
      const own = k === workingIndices.length - 1 ? rgba : rgba.slice();
      send({ kind: "frame", id, index, rgba: own }, [own.buffer]);
      onFrame(index);
    }
  };
  await backend.pictures(indices, onPicture, job);
}

/**
 * The clip could be opened, so what cannot be decoded now is a part of it, whatever the decoder
 * calls it.
 */
function damagedPart(error: unknown): unknown {
  if (error instanceof RuntimeLostError || isCancelled(error)) return error;
  return new MediaError(
    "A part of this clip is damaged and cannot be decoded.",
    "Stay away from that part, or copy the file again from its source.",
    { cause: error },
  );
}

/** Of fewer frames than this share of the first way's count the second would only repeat one. */
const LEAST_SHARE = 0.5;

/** A decoder that gave up in the middle (damage, lost hardware) is replaced by ffmpeg. */
async function secondWay(clip: Opened, job: Job, cause: unknown): Promise<void> {
  const failed = clip.backend;
  if (failed.decodedBy !== "webcodecs") return;
  const next = await openFfmpeg(clip.request, job);
  const count = (backend: Backend) => backend.source.timing.ptsSecs.length;
  if (count(next) < LEAST_SHARE * count(failed)) throw cause;
  failed.close();
  const { frameTimesSecs } = clip.working.timing;
  clip.working = workingFrom(next, { ...clip.request, frameTimesSecs });
  clip.backend = next;
  send(openedReply(0, clip));
}

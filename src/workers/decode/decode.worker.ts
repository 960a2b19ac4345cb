import { isCancelled, MediaError, RuntimeLostError, serializeError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import { PictureRenderer } from "../../engine/picture/render.ts";
import { holdLifeline } from "../lifeline.ts";
import type { Backend } from "./backend.ts";
import type { FfmpegBackend } from "./ffmpeg/page.ts";
import type { DecodeReply, DecodeRequest } from "./protocol.ts";
import { placementFor, type WorkingClip, wantedNatives, workingClip } from "./source.ts";
import { imageType, openImage } from "./webcodecs/image.ts";
import { openWithWebCodecs } from "./webcodecs/video.ts";

type OpenRequest = Extract<DecodeRequest, { kind: "open" }>;
type ReadRequest = Extract<DecodeRequest, { kind: "read" }>;

interface Opened {
  readonly request: OpenRequest;
  readonly working: WorkingClip;
  backend: Backend;
}

const ALIVE_MILLIS = 1000;
const DOWNLOAD_MILLIS = 180_000;

let opened: Promise<Opened> | undefined;
let core: WebAssembly.Module | undefined;
let lastAlive = 0;
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
  const { options, name } = request;
  return {
    request,
    backend,
    working: workingClip(backend.source, options, name, backend.decodedBy),
  };
}

/** The browser's own decoders first: they are faster and need no download. */
async function chooseBackend(request: OpenRequest, job: Job): Promise<Backend> {
  const { file, only, resume } = request;
  if (!resume && (only === undefined || only !== "ffmpeg.wasm")) {
    const type = await imageType(file);
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
  const { loadCore, openWithFfmpeg } = await import("./ffmpeg/page.ts");
  job.onProgress?.({ stage: "load decoder", done: 0, total: 1 });
  core ??= await patiently(loadCore());
  job.onProgress?.({ stage: "load decoder", done: 1, total: 1 });
  throwIfCancelled(job);
  return openWithFfmpeg(request.file, core, alive, request.resume);
}

/** A slow download is no reason to give the worker up; one that stands still is. */
async function patiently<T>(work: Promise<T>): Promise<T> {
  const until = performance.now() + DOWNLOAD_MILLIS;
  const beat = setInterval(() => performance.now() < until && alive(), ALIVE_MILLIS);
  return work.finally(() => clearInterval(beat));
}

function alive(): void {
  const now = performance.now();
  if (now - lastAlive < ALIVE_MILLIS) return;
  lastAlive = now;
  send({ kind: "alive" });
}

async function read(clip: Opened, request: ReadRequest, job: Job): Promise<void> {
  const { id, start, end, size } = request;
  const { working } = clip;
  const wanted = wantedNatives(working.timing, start, end);
  const first = clip.backend;
  let delivered = 0;
  const decode = async (backend: Backend) => {
    const from = delivered;
    const placement = placementFor(backend.source, clip.request.options, size);
    const renderer = new PictureRenderer(placement);
    const rest = wanted.slice(from);
    const indices = rest.map((w) => w.nativeIndex);
    await backend.pictures(
      indices,
      (position, picture) => {
        const rgba = renderer.render(picture);
        const { workingIndices } = rest[position];
        for (const [k, index] of workingIndices.entries()) {
          const own = k === workingIndices.length - 1 ? rgba : rgba.slice();
          send({ kind: "frame", id, index, rgba: own }, [own.buffer]);
        }
        delivered++;
      },
      job,
    );
  };
  try {
    await decode(first);
  } catch (error) {
    throwIfCancelled(job);
    if (first.decodedBy !== "webcodecs" || clip.request.only) throw damagedPart(error);
    try {
      await decode(await secondWay(clip, job, error));
    } catch (failure) {
      throw damagedPart(failure);
    }
  }
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

/** A decoder that gave up in the middle (damage, lost hardware) is replaced by ffmpeg. */
async function secondWay(clip: Opened, job: Job, cause: unknown): Promise<Backend> {
  const failed = clip.backend;
  if (failed.decodedBy !== "webcodecs") return failed;
  const next = await openFfmpeg(clip.request, job);
  const same = next.source.timing.ptsSecs.length >= failed.source.timing.ptsSecs.length;
  if (!same) throw cause;
  failed.close();
  clip.backend = next;
  send(openedReply(0, clip));
  return next;
}

import kernel from "virtual:picture-kernel";
import type { Size } from "../../domain/clip.ts";
import { isCancelled, MediaError, RuntimeLostError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import { compileBase64 } from "../../engine/kernels/compile.ts";
import type { Picture } from "../../engine/picture/picture.ts";
import { Heartbeat } from "../channel/heartbeat.ts";
import { type ServedCall, serveChannel } from "../channel/server.ts";
import { buffersOf } from "../channel/transfer.ts";
import type { Backend } from "./backend.ts";
import { FrameMaker } from "./frame-maker.ts";
import { KeptLuma } from "./kept-luma.ts";
import { openBackend, openFfmpeg, resumeOf } from "./open-backend.ts";
import type {
  DecodeOperations,
  OpenedClip,
  OpenRequest,
  ReadEvent,
  ReadRequest,
} from "./protocol.ts";
import { ReadPass } from "./read-pass.ts";
import {
  placementFor,
  timingFrom,
  type WorkingClip,
  wantedNatives,
  workingClip,
  workingGroupStarts,
} from "./source.ts";

interface Opened {
  readonly request: OpenRequest;
  readonly kept: KeptLuma;
  working: WorkingClip;
  backend: Backend;
  /** Of the latest reading: what it has set up serves the next one of the same size. */
  maker?: { readonly of: Backend; readonly size: Size; readonly frames: FrameMaker };
}

let opened: Promise<Opened> | undefined;
const heartbeat = new Heartbeat(self);

let compiled: Promise<WebAssembly.Module | null> | undefined;

/** Null where WebAssembly cannot be had: pictures are then rendered without it. */
function pictureKernel(): Promise<WebAssembly.Module | null> {
  compiled ??= compileBase64(kernel).catch(() => null);
  return compiled;
}

serveChannel<DecodeOperations>(self, {
  async open(request, { job }) {
    opened = open(request, job);
    return openedReply(await heartbeat.during(opened));
  },
  async read(request, call) {
    if (!opened) throw new Error("read before open");
    await heartbeat.during(opened.then((clip) => read(clip, request, call)));
    return undefined;
  },
});

async function open(request: OpenRequest, job: Job): Promise<Opened> {
  const backend = await openBackend(request, heartbeat, job);
  return { request, backend, kept: new KeptLuma(), working: workingFrom(backend, request) };
}

function openedReply({ working, backend }: Opened): OpenedClip {
  const resume = resumeOf(backend);
  const groupStarts = workingGroupStarts(backend.source, working.timing);
  return { info: working.info, groupStarts, ...(resume && { resume }) };
}

function workingFrom(
  { source, decodedBy }: Backend,
  { options, name, frameTimesSecs }: OpenRequest,
): WorkingClip {
  const own = workingClip(source, options, name, decodedBy);
  if (!frameTimesSecs) return own;
  return { ...own, timing: timingFrom(source, own.timing, frameTimesSecs) };
}

async function read(
  clip: Opened,
  request: ReadRequest,
  { job, send }: ServedCall<ReadEvent>,
): Promise<void> {
  const first = clip.backend;
  const compiledKernel = await pictureKernel();
  const pass = new ReadPass(request, clip.kept, (event) =>
    send(event, buffersOf(event.rgba, event.gray, event.planar?.luma, event.planar?.chroma)),
  );
  try {
    await decode(clip, pass, compiledKernel, job);
  } catch (error) {
    throwIfCancelled(job);
    if (first.decodedBy !== "webcodecs" || clip.request.only) throw damagedPart(error);
    try {
      await fallBack(clip, job, error);
      send({ kind: "fallback", opened: openedReply(clip) });
      await decode(clip, pass, compiledKernel, job);
    } catch (failure) {
      throw damagedPart(failure);
    }
  }
}

/** What is left of a pass. */
async function decode(
  clip: Opened,
  pass: ReadPass,
  compiledKernel: WebAssembly.Module | null,
  job: Job,
): Promise<void> {
  const { backend, working } = clip;
  const { size, end } = pass.request;
  const wanted = wantedNatives(working.timing, pass.next, end).filter(({ workingIndices }) =>
    workingIndices.some((index) => pass.needs(index)),
  );
  const maker = makerFor(clip, size, compiledKernel);
  const indices = wanted.map((w) => w.nativeIndex);
  const onPicture = (position: number, picture: Picture) =>
    pass.take(wanted[position].workingIndices, (wants) => maker.make(picture, wants));
  if (indices.length > 0) await backend.pictures(indices, onPicture, job);
  pass.finish();
}

function makerFor(clip: Opened, size: Size, kernel: WebAssembly.Module | null): FrameMaker {
  const { backend, maker, request } = clip;
  const isSame =
    maker?.of === backend && maker.size.width === size.width && maker.size.height === size.height;
  if (isSame) return maker.frames;
  const frames = new FrameMaker(placementFor(backend.source, request.options, size), kernel);
  clip.maker = { of: backend, size, frames };
  return frames;
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

/** With fewer frames than this share of the browser's count ffmpeg would only repeat one. */
const LEAST_SHARE = 0.5;

/** A browser's decoder that gave up in the middle (damage, lost hardware) is replaced by ffmpeg. */
async function fallBack(clip: Opened, job: Job, cause: unknown): Promise<void> {
  const failed = clip.backend;
  if (failed.decodedBy !== "webcodecs") return;
  const next = await openFfmpeg(clip.request, heartbeat, job);
  const count = (backend: Backend) => backend.source.timing.ptsSecs.length;
  if (count(next) < LEAST_SHARE * count(failed)) throw cause;
  failed.close();
  const { frameTimesSecs } = clip.working.timing;
  clip.working = workingFrom(next, { ...clip.request, frameTimesSecs });
  clip.backend = next;
}

import type { Frame } from "../../domain/clip.ts";
import { isCancelled, MediaError, RuntimeLostError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { Picture } from "../../engine/picture/picture.ts";
import { PictureRenderer } from "../../engine/picture/render.ts";
import { grayFromFrame } from "../../engine/tracking/luma.ts";
import { Heartbeat } from "../channel/heartbeat.ts";
import { type ServedCall, serveChannel } from "../channel/server.ts";
import { buffersOf } from "../channel/transfer.ts";
import type { Backend } from "./backend.ts";
import { openBackend, openFfmpeg, resumeOf } from "./open-backend.ts";
import type {
  DecodeOperations,
  OpenedClip,
  OpenRequest,
  ReadEvent,
  ReadRequest,
} from "./protocol.ts";
import {
  placementFor,
  timingFrom,
  type WorkingClip,
  wantedNatives,
  workingClip,
} from "./source.ts";

interface Opened {
  readonly request: OpenRequest;
  working: WorkingClip;
  backend: Backend;
}

let opened: Promise<Opened> | undefined;
const heartbeat = new Heartbeat(self);

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
  return { request, backend, working: workingFrom(backend, request) };
}

function openedReply({ working, backend }: Opened): OpenedClip {
  const resume = resumeOf(backend);
  return { info: working.info, ...(resume && { resume }) };
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
  let start = request.start;
  const onFrame = (frame: Frame) => {
    const { index } = frame;
    const gray = request.wantsLuma ? grayFromFrame(frame).gray : undefined;
    const rgba = request.wanted[index - request.start] ? frame.rgba : undefined;
    send({ kind: "frame", index, rgba, gray }, buffersOf(rgba, gray));
    start = index + 1;
  };
  try {
    await decode(clip, request, onFrame, job);
  } catch (error) {
    throwIfCancelled(job);
    if (first.decodedBy !== "webcodecs" || clip.request.only) throw damagedPart(error);
    try {
      await fallBack(clip, job, error);
      send({ kind: "fallback", opened: openedReply(clip) });
      await decode(clip, { ...request, start }, onFrame, job);
    } catch (failure) {
      throw damagedPart(failure);
    }
  }
}

async function decode(
  { backend, working, request: { options } }: Opened,
  { start, end, size }: ReadRequest,
  onFrame: (frame: Frame) => void,
  job: Job,
): Promise<void> {
  const wanted = wantedNatives(working.timing, start, end);
  const renderer = new PictureRenderer(placementFor(backend.source, options, size));
  const indices = wanted.map((w) => w.nativeIndex);
  const onPicture = (position: number, picture: Picture) => {
    const rgba = renderer.render(picture);
    const { workingIndices } = wanted[position];
    for (const [k, index] of workingIndices.entries()) {
      // Each is handed over, so each is a copy of its own.
      onFrame({ index, size, rgba: k === workingIndices.length - 1 ? rgba : rgba.slice() });
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

import {
  ADTS,
  BlobSource,
  EncodedPacketSink,
  FLAC,
  Input,
  type InputVideoTrack,
  MATROSKA,
  MP3,
  MP4,
  QTFF,
  VideoSampleSink,
  WAVE,
  WEBM,
} from "mediabunny";
import type { Orientation } from "../../../domain/fitting.ts";
import { type Job, throwIfCancelled } from "../../../domain/job.ts";
import { nativeTiming, presentationOrder } from "../../../domain/timing.ts";
import type { Picture } from "../../../engine/picture/picture.ts";
import type { Backend, OnPicture } from "../backend.ts";
import { noFrames, notAVideo } from "../ffmpeg/probe.ts";
import type { SourceClip } from "../source.ts";
import { readShownPart } from "./editList.ts";
import { SampleReader } from "./sample.ts";
import { progressed, unlessStalled } from "./stall.ts";

/** Sound formats are here so that a sound file is recognised without a further decoder. */
const FORMATS = [MP4, QTFF, MATROSKA, WEBM, MP3, WAVE, ADTS, FLAC];
/** Timestamps of decoded frames are whole microseconds. */
const ROUNDING_SECS = 2e-6;

/**
 * Opens a file with the browser's own decoders, or gives null where they cannot do it right.
 * Throws MediaError for a file that holds no picture, RuntimeLostError where the decoder stalls.
 */
export async function openWithWebCodecs(file: Blob, job: Job): Promise<Backend | null> {
  if (typeof VideoDecoder === "undefined") return null;
  const source = new BlobSource(file);
  source.on("read", progressed);
  const input = new Input({ source, formats: FORMATS });
  let backend: Backend | null = null;
  try {
    backend = await unlessStalled(openInput(input, file, job));
    return backend;
  } finally {
    if (!backend) input.dispose();
  }
}

async function openInput(input: Input, file: Blob, job: Job): Promise<Backend | null> {
  if (!(await input.canRead())) return null;
  const track = (await input.getVideoTracks())[0];
  if (!track) throw notAVideo((await input.getAudioTracks()).length > 0 ? "sound" : undefined);
  return openTrack(input, track, file, job);
}

async function openTrack(
  input: Input,
  track: InputVideoTrack,
  file: Blob,
  job: Job,
): Promise<Backend | null> {
  if (!(await track.canDecode())) return null;
  const isMp4 = [MP4, QTFF].includes((await input.getFormat()) as typeof MP4);
  const shown = isMp4 ? await readShownPart(file) : { endSecs: Number.POSITIVE_INFINITY };
  if (shown === "complex") return null;
  const times = (await packetTimes(track, job)).filter(
    (t) => t >= -ROUNDING_SECS && t < shown.endSecs - ROUNDING_SECS,
  );
  if (times.length === 0) throw noFrames();
  const ptsSecs = presentationOrder(times);
  const sink = new VideoSampleSink(track);
  // Support is only a promise until a picture came out.
  const first = await sink.getSample(ptsSecs[0] + ROUNDING_SECS);
  if (!first) return null;
  const { width, height } = first.visibleRect;
  const { num, den } = await track.getPixelAspectRatio();
  first.close();
  const { matrix = null } = await track.getColorSpace();
  const orientation: Orientation = {
    rotation: await track.getRotation(),
    flip: await track.getFlip(),
  };
  const source: SourceClip = {
    kind: "video",
    codec: (await track.getCodec()) ?? "unknown",
    storedSize: { width, height },
    pixelAspect: num / den,
    orientation,
    timing: nativeTiming(ptsSecs),
  };
  return {
    source,
    decodedBy: "webcodecs",
    pictures: (indices, onPicture, job) => {
      const times = indices.map((i) => ptsSecs[i] + ROUNDING_SECS);
      return unlessStalled(read(sink, new SampleReader(matrix), times, onPicture, job));
    },
    close: () => input.dispose(),
  };
}

/** Timestamps of the packets that are in the file whole, in decode order. */
async function packetTimes(track: InputVideoTrack, job: Job): Promise<number[]> {
  const sink = new EncodedPacketSink(track);
  const times: number[] = [];
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    throwIfCancelled(job);
    times.push(packet.timestamp);
    reportPackets(times.length, job);
  }
  const last = await sink.getPacket(Number.POSITIVE_INFINITY).catch(() => null);
  if (last && last.data.length === last.byteLength) return times;
  return wholePacketTimes(sink, job);
}

/** A long file without an index is read as a whole. */
function reportPackets(done: number, job: Job): void {
  progressed();
  if (done % 1000 === 0) job.onProgress?.({ stage: "open", done, total: 0 });
}

/** The index of a cut file promises more than there is: read until it ends. */
async function wholePacketTimes(sink: EncodedPacketSink, job: Job): Promise<number[]> {
  const times: number[] = [];
  try {
    for await (const packet of sink.packets()) {
      throwIfCancelled(job);
      if (packet.data.length < packet.byteLength) break;
      times.push(packet.timestamp);
      reportPackets(times.length, job);
    }
  } catch {
    throwIfCancelled(job);
  }
  return times;
}

async function read(
  sink: VideoSampleSink,
  reader: SampleReader,
  times: readonly number[],
  onPicture: OnPicture,
  job: Job,
): Promise<void> {
  let position = 0;
  let picture: Picture | undefined;
  let missing = 0;
  for await (const sample of sink.samplesAtTimestamps(times)) {
    progressed();
    if (sample) {
      const { width, height } = sample.visibleRect;
      picture = await reader.read(sample, width, height);
      sample.close();
    }
    throwIfCancelled(job);
    if (!picture) {
      missing++;
      continue;
    }
    for (; missing > 0; missing--) onPicture(position++, picture);
    onPicture(position++, picture);
  }
  if (!picture && times.length > 0) throw noFrames();
}

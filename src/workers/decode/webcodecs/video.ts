import {
  ADTS,
  BlobSource,
  type EncodedPacket,
  EncodedPacketSink,
  FLAC,
  Input,
  type InputVideoTrack,
  MATROSKA,
  MP3,
  MP4,
  QTFF,
  type VideoSample,
  VideoSampleSink,
  WAVE,
  WEBM,
} from "mediabunny";
import type { Orientation } from "../../../domain/fitting.ts";
import { type Job, throwIfCancelled } from "../../../domain/job.ts";
import { nativeTiming, presentationOrder } from "../../../domain/timing.ts";
import type { Picture } from "../../../engine/picture/picture.ts";
import type { Backend, OnPicture } from "../backend.ts";
import { blobBytes } from "../bytes.ts";
import { noFrames, notAVideo } from "../ffmpeg/probe.ts";
import { chooseTrack } from "../media-track.ts";
import type { SourceClip } from "../source.ts";
import { groupStartSecs, type PacketMark } from "./group-starts.ts";
import { type H264Facts, h264Facts } from "./h264.ts";
import { isCutMatroska } from "./matroska.ts";
import { type MovieTrack, readMovie, WHOLE } from "./movie.ts";
import { type ColourFacts, isStoredFormat, lightOfSample, SampleReader } from "./sample.ts";
import { SparingSink } from "./sparing-sink.ts";
import { progressed, unlessStalled } from "./stall.ts";

/** Sound formats are here so that a sound file is recognised without a further decoder. */
const FORMATS = [MP4, QTFF, MATROSKA, WEBM, MP3, WAVE, ADTS, FLAC];
/** A longer clip does without the seconds that only ffmpeg.wasm, far slower, reads of a cut file. */
const CUT_LIMIT = 64 << 20;
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
  const tracks = await input.getVideoTracks();
  if (file.size <= CUT_LIMIT && (await isCutMatroska(blobBytes(file)))) return null;
  const isMp4 = [MP4, QTFF].includes((await input.getFormat()) as typeof MP4);
  const movie = isMp4 ? await readMovie(file) : new Map<number, MovieTrack>();
  const track = await choose(tracks, movie, job);
  if (!track) throw notAVideo((await input.getAudioTracks()).length > 0 ? "sound" : undefined);
  return openTrack(input, track, movie.get(track.id) ?? WHOLE, job);
}

async function choose(
  tracks: readonly InputVideoTrack[],
  movie: ReadonlyMap<number, MovieTrack>,
  job: Job,
): Promise<InputVideoTrack | undefined> {
  if (tracks.length < 2) return tracks[0];
  const facts = await Promise.all(
    tracks.map(async (track) => ({
      isDefault: (await track.getDisposition()).default,
      isCover: movie.get(track.id)?.isThumbnails ?? false,
      // What the demuxer has no name for is mostly Motion JPEG.
      codec: (await track.getCodec()) ?? "mjpeg",
      width: await track.getCodedWidth(),
      height: await track.getCodedHeight(),
      pictureCount: (await packetMarks(track, job)).length,
    })),
  );
  return tracks[chooseTrack(facts)];
}

/** What ffmpeg shows as the file means it and the browser's decoders do not. */
async function needsFfmpeg(track: InputVideoTrack): Promise<boolean> {
  const codec = await track.getCodec();
  // Matroska keeps alpha beside the pictures.
  if (codec === "vp8" || codec === "vp9") return track.canBeTransparent();
  return (await factsOfH264(track))?.mayBeInterlaced ?? false;
}

async function factsOfH264(track: InputVideoTrack): Promise<H264Facts | null> {
  const config = await avcConfigOf(track);
  return config && h264Facts(config);
}

/** The content of an H.264 track's avcC box, null where there is none. */
async function avcConfigOf(track: InputVideoTrack): Promise<Uint8Array | null> {
  if ((await track.getCodec()) !== "avc") return null;
  const description = (await track.getDecoderConfig())?.description;
  return description ? bytesOf(description) : null;
}

/** Numbers of ITU-T H.273 that the demuxer has no name for. */
const FURTHER_MATRICES: Readonly<Record<number, string>> = { 4: "fcc", 7: "smpte240m", 8: "ycgco" };

function bytesOf(data: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

async function openTrack(
  input: Input,
  track: InputVideoTrack,
  { shown }: MovieTrack,
  job: Job,
): Promise<Backend | null> {
  if (!(await track.canDecode()) || (await needsFfmpeg(track))) return null;
  if (shown === "complex") return null;
  const isShown = (t: number) => t >= -ROUNDING_SECS && t < shown.endSecs - ROUNDING_SECS;
  const packets = await packetMarks(track, job);
  const times = packets.map(({ secs }) => secs).filter(isShown);
  if (times.length === 0) throw noFrames();
  const ptsSecs = presentationOrder(times);
  const sink = new VideoSampleSink(track);
  // Support is only a promise until a picture came out.
  const first = await sink.getSample(ptsSecs[0] + ROUNDING_SECS);
  if (!first) return null;
  const { width, height } = first.visibleRect;
  const { num, den } = await track.getPixelAspectRatio();
  const tags = await colourTags(track);
  const codec = (await track.getCodec()) ?? "unknown";
  // Of a frame that the browser keeps to itself we get its own conversion; only AV1 has no other way.
  const isOwn = lightOfSample(tags, first) === undefined || isStoredFormat(first);
  first.close();
  if (!isOwn && codec !== "av1") return null;
  const orientation: Orientation = {
    rotation: await track.getRotation(),
    flip: await track.getFlip(),
  };
  const avcConfig = await avcConfigOf(track);
  const hasTwins = ptsSecs.some((t, i) => t === ptsSecs[i - 1]);
  const source: SourceClip = {
    kind: "video",
    codec,
    storedSize: { width, height },
    pixelAspect: num / den,
    orientation,
    timing: nativeTiming(ptsSecs),
    ...(hasTwins ? {} : { groupStarts: positionsOf(groupStartSecs(packets, codec), ptsSecs) }),
  };
  return {
    source,
    decodedBy: "webcodecs",
    pictures: (indices, onPicture, job) => {
      const samples = hasTwins
        ? samplesInOrder(sink, ptsSecs, indices)
        : samplesAt(track, avcConfig, ptsSecs, indices);
      const reader = new SampleReader(tags);
      return unlessStalled(read(samples, reader, indices.length, onPicture, job));
    },
    close: () => input.dispose(),
  };
}

/** Positions of times in the order of presentation. */
function positionsOf(secs: readonly number[], ptsSecs: Float64Array): number[] {
  const wanted = new Set(secs);
  return [...ptsSecs.keys()].filter((i) => wanted.has(ptsSecs[i]));
}

async function colourTags(track: InputVideoTrack): Promise<ColourFacts> {
  const { matrix, transfer, primaries, fullRange } = await track.getColorSpace();
  const further = FURTHER_MATRICES[(await factsOfH264(track))?.matrix ?? 2];
  return {
    matrix: further ?? matrix ?? null,
    transfer: transfer ?? null,
    primaries: primaries ?? null,
    fullRange: fullRange ?? null,
  };
}

function samplesAt(
  track: InputVideoTrack,
  avcConfig: Uint8Array | null,
  ptsSecs: Float64Array,
  indices: readonly number[],
) {
  const wanted = new Set(indices.map((i) => ptsSecs[i]));
  const sink = avcConfig ? new SparingSink(track, avcConfig, wanted) : new VideoSampleSink(track);
  return sink.samplesAtTimestamps(indices.map((i) => ptsSecs[i] + ROUNDING_SECS));
}

/** Where frames share timestamps only their order tells them apart. */
async function* samplesInOrder(
  sink: VideoSampleSink,
  ptsSecs: Float64Array,
  indices: readonly number[],
): AsyncGenerator<VideoSample> {
  if (indices.length === 0) return;
  let index = indices[0];
  while (index > 0 && ptsSecs[index - 1] === ptsSecs[indices[0]]) index--;
  const startSecs = ptsSecs[index] - ROUNDING_SECS;
  // The sink may begin in the middle of frames with one timestamp: it begins with those before.
  const samples = sink.samples(ptsSecs[Math.max(0, index - 1)]);
  let position = 0;
  for await (const sample of samples) {
    const isWanted = sample.timestamp >= startSecs && index++ === indices[position];
    if (!isWanted) {
      sample.close();
      continue;
    }
    position++;
    yield sample;
    if (position === indices.length) return;
  }
}

/** Of the packets that are in the file whole, in decode order. */
async function packetMarks(track: InputVideoTrack, job: Job): Promise<PacketMark[]> {
  const sink = new EncodedPacketSink(track);
  const marks: PacketMark[] = [];
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    throwIfCancelled(job);
    marks.push(markOf(packet));
    reportPackets(marks.length, job);
  }
  const last = await sink.getPacket(Number.POSITIVE_INFINITY).catch(() => null);
  if (last && last.data.length === last.byteLength) return marks;
  return wholePacketMarks(sink, job);
}

function markOf({ timestamp, type }: EncodedPacket): PacketMark {
  return { secs: timestamp, isKey: type === "key" };
}

/** A long file without an index is read as a whole. */
function reportPackets(done: number, job: Job): void {
  progressed();
  if (done % 1000 === 0) job.onProgress?.({ stage: "open", done, total: 0 });
}

/** The index of a cut file promises more than there is: read until it ends. */
async function wholePacketMarks(sink: EncodedPacketSink, job: Job): Promise<PacketMark[]> {
  const marks: PacketMark[] = [];
  try {
    for await (const packet of sink.packets()) {
      throwIfCancelled(job);
      if (packet.data.length < packet.byteLength) break;
      marks.push(markOf(packet));
      reportPackets(marks.length, job);
    }
  } catch {
    throwIfCancelled(job);
  }
  return marks;
}

async function read(
  samples: AsyncGenerator<VideoSample | null>,
  reader: SampleReader,
  count: number,
  onPicture: OnPicture,
  job: Job,
): Promise<void> {
  let position = 0;
  let picture: Picture | undefined;
  let missing = 0;
  for await (const sample of samples) {
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
  if (!picture && count > 0) throw noFrames();
  for (; picture && position < count; position++) onPicture(position, picture);
}

import { MediaError } from "../../../domain/errors.ts";
import { type Orientation, UPRIGHT } from "../../../domain/fitting.ts";
import { nativeTiming, presentationOrder } from "../../../domain/timing.ts";
import type { Field, PixelLayout, YuvColour } from "../../../engine/picture/picture.ts";
import { chooseTrack } from "../media-track.ts";
import type { SourceClip } from "../source.ts";
import { type ColourTags, colourOf, pixelFormat } from "./pixels.ts";

/** A source as ffmpeg sees it: how to ask for pictures and recognise them. */
export interface FfmpegSource extends SourceClip {
  /** Number of the track in its file, as ffmpeg counts. */
  readonly streamIndex: number;
  /** Container timestamps of the native frames in microseconds, ascending; equal ones may follow. */
  readonly ptsMicros: Float64Array;
  /** Those of key frames; empty when unknown. */
  readonly keyMicros: Float64Array;
  readonly pixelFormat: string;
  readonly layout: PixelLayout;
  readonly colour: YuvColour;
  /** A decoder other than ffmpeg's first choice. */
  readonly decoder?: string;
  /** The fourth channel of a pixel is no alpha. */
  readonly isOpaque?: boolean;
  /** The picture is interlaced: this moment of its two is shown, the first. */
  readonly field?: Field;
  /** The clock begins again in the middle: times count on from part to part, not as they are written. */
  readonly isGlued?: boolean;
}

const ENTRIES = [
  "format=format_name",
  "stream=index,codec_name,codec_tag_string,width,height,pix_fmt,sample_aspect_ratio,time_base," +
    "color_range,color_space,color_transfer,color_primaries,field_order,has_b_frames",
  "stream_disposition=default,attached_pic,timed_thumbnails",
  "stream_tags=alpha_mode",
  "stream_side_data=displaymatrix",
  "packet=stream_index,pts,dts,flags",
  "packet_side_data=side_data_type",
].join(":");

export function probeArgs(input: string): string[] {
  return [
    ["-v", "error", "-protocol_whitelist", "file", "-select_streams", "v"],
    ["-show_entries", ENTRIES, "-of", "json=c=1", input],
  ].flat();
}

interface ProbeStream extends ColourTags {
  index?: number;
  codec_name?: string;
  codec_tag_string?: string;
  width?: number;
  height?: number;
  sample_aspect_ratio?: string;
  time_base?: string;
  field_order?: string;
  has_b_frames?: number;
  disposition?: { default?: number; attached_pic?: number; timed_thumbnails?: number };
  tags?: Readonly<Record<string, string>>;
  side_data_list?: { displaymatrix?: string }[];
}

interface ProbePacket {
  stream_index?: number;
  pts?: number;
  dts?: number;
  flags?: string;
  side_data_list?: { side_data_type?: string }[];
}

export interface ProbeReport {
  streams?: ProbeStream[];
  packets?: ProbePacket[];
  format?: { format_name?: string };
}

/**
 * Reads ffprobe's report. `timesMissing` asks for `withTimes`: some containers store no
 * presentation times, so the frames have to be decoded once to learn them.
 * Throws MediaError for what cannot be opened.
 */
export function readProbe(report: ProbeReport): { source: FfmpegSource; timesMissing: boolean } {
  const stream = chooseStream(report);
  if (!stream) throw notAVideo(report.format?.format_name);
  const { codec_name: codec = "", codec_tag_string: tag = "" } = stream;
  const { index: streamIndex = 0 } = stream;
  const packets = shownPackets(report, streamIndex);
  const types = packets[0]?.side_data_list?.map((s) => s.side_data_type) ?? [];
  // First: from a protected stream ffprobe sometimes learns no pixel format.
  const isEncrypted = types.includes("Encryption info");
  if (isEncrypted || tag === "encv" || tag === "drmi") throw protectedVideo();
  if (!codec || codec === "unknown" || !(stream.width && stream.height && stream.pix_fmt)) {
    throw new MediaError(
      `The picture format (${codec || tag || "unknown"}) cannot be decoded.`,
      "Convert the clip to H.264 MP4 and open that.",
    );
  }
  const micros = microsPerTick(stream.time_base);
  const timed = packets.filter((p) => p.pts !== undefined);
  const single = packets.length === 1;
  const ptsMicros = single
    ? Float64Array.of(Math.round((packets[0].pts ?? 0) * micros))
    : presentationOrder(timed.map((p) => Math.round((p.pts ?? 0) * micros)));
  if (packets.length === 0) throw noFrames();
  const keys = timed.filter((p) => p.flags?.includes("K"));
  const decoder = alphaDecoder(stream);
  const format = pixelFormat(decoder ? "yuva420p" : stream.pix_fmt);
  const field = FIELDS[stream.field_order ?? ""];
  const source: FfmpegSource = {
    kind: isPhoto(report.format?.format_name, packets.length) ? "photo" : "video",
    codec,
    storedSize: { width: stream.width, height: stream.height },
    pixelAspect: ratio(stream.sample_aspect_ratio, ":") || 1,
    orientation: orientation(stream.side_data_list),
    timing: nativeTiming(ptsMicros.length ? ptsMicros.map((t) => t / 1e6) : [0]),
    ptsMicros,
    keyMicros: presentationOrder(keys.map((p) => Math.round((p.pts ?? 0) * micros))),
    ...format,
    colour: colourOf(stream),
    streamIndex,
    ...(decoder && { decoder }),
    ...(field && { field }),
  };
  if (!single && inCodingOrder(stream, timed, report.format?.format_name)) {
    // Where a seek lands in such a file, it counts from there.
    return { source: { ...source, keyMicros: new Float64Array() }, timesMissing: true };
  }
  if (isGlued(packets, report.format?.format_name)) {
    return {
      source: { ...source, keyMicros: new Float64Array(), isGlued: true },
      timesMissing: true,
    };
  }
  return { source, timesMissing: !single && timed.length < packets.length };
}

/** Some writers of MXF number pictures as they are coded, not as they are shown. */
function inCodingOrder(stream: ProbeStream, packets: ProbePacket[], format = ""): boolean {
  if (format !== "mxf" || !stream.has_b_frames) return false;
  return packets.every(({ pts = 0 }, i) => i === 0 || pts > (packets[i - 1].pts ?? 0));
}

/** Transport and program streams that were put one behind the other, each with a clock of its own. */
function isGlued(packets: readonly ProbePacket[], format = ""): boolean {
  if (!/^(mpegts|mpeg)$/.test(format)) return false;
  let last = Number.NEGATIVE_INFINITY;
  return packets.some(({ dts }) => {
    const goesBack = dts !== undefined && dts < last;
    last = dts ?? last;
    return goesBack;
  });
}

function shownPackets(report: ProbeReport, streamIndex: number): ProbePacket[] {
  return (report.packets ?? []).filter(
    (p) => (p.stream_index ?? 0) === streamIndex && !p.flags?.includes("D"),
  );
}

function chooseStream(report: ProbeReport): ProbeStream | undefined {
  const streams = report.streams ?? [];
  const facts = streams.map((stream) => ({
    isDefault: stream.disposition?.default === 1,
    isCover: stream.disposition?.attached_pic === 1 || stream.disposition?.timed_thumbnails === 1,
    codec: stream.codec_name ?? "",
    width: stream.width ?? 0,
    height: stream.height ?? 0,
    pictureCount: shownPackets(report, stream.index ?? 0).length,
  }));
  return streams[chooseTrack(facts)];
}

/** ffmpeg's own decoders of these leave the alpha that Matroska keeps beside the pictures. */
function alphaDecoder({ codec_name: codec = "", tags }: ProbeStream): string | undefined {
  const hasAlpha = Object.entries(tags ?? {}).some(
    ([key, value]) => key.toLowerCase() === "alpha_mode" && value === "1",
  );
  return hasAlpha ? { vp8: "libvpx", vp9: "libvpx-vp9" }[codec] : undefined;
}

/** ffprobe tells which field was coded first, then which is shown first. */
const FIELDS: Readonly<Record<string, Field>> = {
  tt: "top",
  bt: "top",
  bb: "bottom",
  tb: "bottom",
};

/** The same source with timestamps that a decoding pass found. */
export function withTimes(source: FfmpegSource, foundMicros: ArrayLike<number>): FfmpegSource {
  const ptsMicros = presentationOrder(foundMicros);
  if (ptsMicros.length === 0) throw noFrames();
  const timing = nativeTiming(ptsMicros.map((t) => t / 1e6));
  return { ...source, ptsMicros, timing };
}

export function notAVideo(format?: string): MediaError {
  return format
    ? new MediaError(
        "There is no picture in this file, only sound or data.",
        "Open a video or a photo.",
      )
    : new MediaError(
        "This file is not a video or a photo, or it is damaged from its start.",
        "Open an MP4, MOV, WebM, MKV, AVI, GIF, PNG, JPEG or WebP file.",
      );
}

export function protectedVideo(): MediaError {
  return new MediaError("The video is protected (DRM).", "Use a copy without protection.");
}

export function noFrames(): MediaError {
  return new MediaError(
    "No picture of this clip can be decoded.",
    "Copy the file again from its source, or convert it to H.264 MP4.",
  );
}

function isPhoto(format: string | undefined, packets: number): boolean {
  return packets === 1 && /(^image2|_pipe$|^gif$)/.test(format ?? "");
}

function ratio(text: string | undefined, separator: "/" | ":"): number {
  const [over, under] = (text ?? "").split(separator).map(Number);
  return over > 0 && under > 0 ? over / under : 0;
}

function microsPerTick(timeBase: string | undefined): number {
  return ratio(timeBase, "/") * 1e6;
}

/**
 * The display matrix as ffprobe prints it: three rows of "offset: a b u". a b / c d map stored to
 * shown pixels in 16.16 fixed point.
 */
function orientation(sideData: ProbeStream["side_data_list"]): Orientation {
  const text = sideData?.find((s) => s.displaymatrix)?.displaymatrix;
  if (!text) return UPRIGHT;
  const rows = text
    .trim()
    .split("\n")
    .map((row) => row.replace(/^.*:/, "").trim().split(/\s+/).map(Number));
  return orientationOfMatrix(rows[0][0], rows[0][1], rows[1][0], rows[1][1]);
}

/** x' = a x + c y, y' = b x + d y, as in the track header of MP4. Odd angles count as upright. */
export function orientationOfMatrix(a: number, b: number, c: number, d: number): Orientation {
  const flip = a * d - b * c < 0;
  // A mirrored picture is turned first; undo the mirror to read the angle.
  const degrees = (Math.atan2(b, flip ? -a : a) * 180) / Math.PI;
  const rotation = (((Math.round(degrees / 90) * 90) % 360) + 360) % 360;
  return { rotation: rotation as Orientation["rotation"], flip };
}

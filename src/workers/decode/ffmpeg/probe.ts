import { MediaError } from "../../../domain/errors.ts";
import { type Orientation, UPRIGHT } from "../../../domain/fitting.ts";
import { nativeTiming, presentationOrder } from "../../../domain/timing.ts";
import {
  type ColourMatrix,
  type PixelLayout,
  untaggedMatrix,
  type YuvColour,
} from "../../../engine/picture/picture.ts";
import type { SourceClip } from "../source.ts";

/** A source as ffmpeg sees it: how to ask for pictures and recognise them. */
export interface FfmpegSource extends SourceClip {
  /** Container timestamps of the native frames in microseconds, ascending. */
  readonly ptsMicros: Float64Array;
  /** Those of key frames; empty when unknown. */
  readonly keyMicros: Float64Array;
  readonly pixelFormat: string;
  readonly layout: PixelLayout;
  readonly colour: YuvColour;
}

const ENTRIES = [
  "format=format_name",
  "stream=codec_name,codec_tag_string,width,height,pix_fmt,sample_aspect_ratio,time_base," +
    "color_range,color_space,avg_frame_rate",
  "stream_side_data=displaymatrix",
  "packet=pts,flags",
  "packet_side_data=side_data_type",
].join(":");

export function probeArgs(input: string): string[] {
  return [
    ["-v", "error", "-protocol_whitelist", "file", "-select_streams", "V:0"],
    ["-show_entries", ENTRIES, "-of", "json=c=1", input],
  ].flat();
}

interface ProbeStream {
  codec_name?: string;
  codec_tag_string?: string;
  width?: number;
  height?: number;
  pix_fmt?: string;
  sample_aspect_ratio?: string;
  time_base?: string;
  color_range?: string;
  color_space?: string;
  avg_frame_rate?: string;
  side_data_list?: { displaymatrix?: string }[];
}

export interface ProbeReport {
  streams?: ProbeStream[];
  packets?: { pts?: number; flags?: string; side_data_list?: { side_data_type?: string }[] }[];
  format?: { format_name?: string };
}

/**
 * Reads ffprobe's report. `timesMissing` asks for `withTimes`: some containers store no
 * presentation times, so the frames have to be decoded once to learn them.
 * Throws MediaError for what cannot be opened.
 */
export function readProbe(report: ProbeReport): { source: FfmpegSource; timesMissing: boolean } {
  const stream = report.streams?.[0];
  if (!stream) throw notAVideo(report.format?.format_name);
  const { codec_name: codec = "", codec_tag_string: tag = "" } = stream;
  const packets = (report.packets ?? []).filter((p) => !p.flags?.includes("D"));
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
  const format = pixelFormat(stream.pix_fmt);
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
  };
  return { source, timesMissing: !single && timed.length < packets.length };
}

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

const LAYOUTS: Readonly<Record<string, PixelLayout>> = {
  yuv420p: "420",
  yuvj420p: "420",
  yuv422p: "422",
  yuvj422p: "422",
  yuv444p: "444",
  yuvj444p: "444",
  yuv420p10le: "420p10",
  yuv422p10le: "422p10",
  yuv444p10le: "444p10",
  nv12: "nv12",
  rgba: "rgba",
};

/** Formats that our renderer reads are taken as they are; ffmpeg converts the others. */
function pixelFormat(format: string): Pick<FfmpegSource, "pixelFormat" | "layout"> {
  const layout = LAYOUTS[format];
  if (layout) return { pixelFormat: format, layout };
  if (/^yuvj?4[14]/.test(format)) {
    const pixel = format.startsWith("yuvj") ? "yuvj444p" : "yuv444p";
    return { pixelFormat: pixel, layout: "444" };
  }
  if (format.startsWith("yuv")) {
    const deep = format.replace(/\d+(le|be)$/, "10le").replace(/^yuva/, "yuv");
    const found = LAYOUTS[deep];
    if (found) return { pixelFormat: deep, layout: found };
  }
  return { pixelFormat: "rgba", layout: "rgba" };
}

/** Untagged video is BT.709, and BT.601 in full range (the JPEG family), as Chromium takes it. */
function colourOf(stream: ProbeStream): YuvColour {
  const jpeg = stream.pix_fmt?.startsWith("yuvj") ?? false;
  const fullRange = jpeg || stream.color_range === "pc";
  return { matrix: MATRICES[stream.color_space ?? ""] ?? untaggedMatrix(fullRange), fullRange };
}

/** SMPTE 240M and FCC differ from their neighbours by less than a level. */
const MATRICES: Readonly<Record<string, ColourMatrix>> = {
  smpte170m: "bt601",
  bt470bg: "bt601",
  fcc: "bt601",
  bt709: "bt709",
  smpte240m: "bt709",
  bt2020nc: "bt2020",
  bt2020c: "bt2020",
};

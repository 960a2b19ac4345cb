import type { Size } from "../../src/domain/clip.ts";

/** One made clip: how to encode it and what must come out. */
export interface Recipe {
  readonly file: string;
  readonly size?: Size;
  readonly frames?: number;
  /** Encoder and muxer options; the pictures come in as 30 frames a second. */
  readonly encode: readonly string[];
  /** Made by stream copy from another recipe instead. */
  readonly from?: string;
  readonly inputOptions?: readonly string[];
  /** Writes the file in place of ffmpeg. */
  readonly make?: (out: string) => Promise<unknown>;
  /** Changes the finished bytes. */
  readonly patch?: (bytes: Uint8Array) => Uint8Array;
  readonly expect: Expected;
}

export interface Expected {
  /** Size on screen. */
  readonly display: Size;
  /** Index in the picture of native frame i. */
  readonly indices: readonly number[];
  readonly timesSecs: readonly number[];
}

export const SMALL: Size = { width: 320, height: 240 };
export const X264 = ["-c:v", "libx264", "-preset", "fast", "-crf", "16", "-pix_fmt", "yuv420p"];
const TEN_BIT_X264 = ["-c:v", "libx264", "-crf", "16", "-pix_fmt", "yuv420p10le"];
/** Without its own time base the encoder would round to thirtieths. */
const EVERY_FRAME = ["-vsync", "passthrough", "-enc_time_base", "1/600"];

export const count = (frames: number, first = 0) =>
  Array.from({ length: frames }, (_, i) => first + i);
export const steady = (frames: number, fps = 30) => count(frames).map((i) => i / fps);

function plain(file: string, encode: readonly string[], frames = 40, size = SMALL): Recipe {
  const expect = { display: size, indices: count(frames), timesSecs: steady(frames) };
  return { file, encode, frames, size, expect };
}

function turned(file: string, degrees: 90 | 180 | 270): Recipe {
  const upright = plain(file, X264);
  const display = degrees === 180 ? SMALL : { width: SMALL.height, height: SMALL.width };
  return {
    ...upright,
    // The stored picture is turned the other way, so the matrix puts it upright again.
    size: display,
    encode: ["-vf", STORED_TURN[degrees], ...X264],
    patch: (bytes) => patchMatrix(bytes, degrees),
    expect: { ...upright.expect, display },
  };
}

const STORED_TURN = { 90: "transpose=cclock", 180: "hflip,vflip", 270: "transpose=clock" } as const;

/** The core of ffmpeg.wasm has no AV1, its VP9 encoder crashes and its HEVC encoder hangs. */
export const NOT_MADE_BY_WASM = /^(av1|vp9|odd-size|hevc)/;
/** It decodes the others, but no AV1 and no animated WebP, and reads no colour profile. */
export const NOT_DECODED_BY_WASM = /^av1|\.avif$|^(animated|no-delay)\.webp$|^photo-p3/;

/** Clips that every path must decode to the same pictures. */
export const RECIPES: readonly Recipe[] = [
  plain("h264-bframes.mp4", [...X264, "-bf", "3", "-g", "12"]),
  plain("h264-fragmented.mp4", [...X264, "-g", "12", "-movflags", "frag_keyframe+empty_moov"]),
  plain("h264-444.mp4", ["-c:v", "libx264", "-crf", "16", "-pix_fmt", "yuv444p"]),
  plain("h264-10bit.mp4", TEN_BIT_X264),
  plain("h264-bt601.mp4", [...X264, ...tag("smpte170m")]),
  plain("h264-fullrange.mp4", [...["-vf", "scale=out_range=pc", ...X264, "-color_range", "pc"]]),
  plain("h264-hlg.mp4", [...TEN_BIT_X264, ...wide("arib-std-b67")]),
  plain("h264-pq.mp4", [...TEN_BIT_X264, ...wide("smpte2084")]),
  plain("interlaced.mp4", [...X264, "-flags", "+ilme+ildct", "-x264-params", "tff=1"]),
  plain("alpha.mov", [
    ...["-vf", "format=rgba,colorchannelmixer=aa=0.8"],
    ...["-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le"],
  ]),
  turned("rotated-90.mp4", 90),
  turned("rotated-180.mp4", 180),
  turned("rotated-270.mp4", 270),
  {
    ...plain("sar-2-1.mp4", ["-vf", "scale=160:240,setsar=2/1", ...X264]),
  },
  {
    ...plain("vfr.mp4", [
      "-vf",
      "settb=1/600,setpts=(N+0.5*mod(N\\,2))*20",
      ...EVERY_FRAME,
      ...X264,
    ]),
    expect: {
      display: SMALL,
      indices: count(40),
      timesSecs: count(40).map((i) => (i + 0.5 * (i % 2)) / 30),
    },
  },
  {
    ...plain("vfr.mkv", [
      "-vf",
      "settb=1/600,setpts=(N+20*gte(N\\,10))*20",
      ...EVERY_FRAME,
      ...X264,
    ]),
    expect: {
      display: SMALL,
      indices: count(40),
      timesSecs: count(40).map((i) => (i + (i >= 10 ? 20 : 0)) / 30),
    },
  },
  {
    file: "edit-start.mp4",
    from: "h264-bframes.mp4",
    inputOptions: ["-ss", "0.5"],
    encode: ["-c", "copy"],
    expect: { display: SMALL, indices: count(25, 15), timesSecs: steady(25) },
  },
  {
    ...plain("edit-end.mp4", [...X264, "-bf", "3"]),
    patch: (bytes) => patchEditDuration(bytes, 0.49),
    expect: { display: SMALL, indices: count(20), timesSecs: steady(20) },
  },
  {
    ...plain("fps-60.mp4", ["-vf", "setpts=N/60/TB", "-r", "60", ...X264]),
    expect: { display: SMALL, indices: count(40), timesSecs: steady(40, 60) },
  },
  {
    ...plain("fps-1000.mp4", [
      ...["-vf", "settb=1/1000,setpts=N"],
      ...["-vsync", "passthrough", "-enc_time_base", "1/1000"],
      ...X264,
    ]),
    expect: { display: SMALL, indices: count(40), timesSecs: steady(40, 1000) },
  },
  {
    file: "cover-first.mp4",
    from: "h264-bframes.mp4",
    encode: [
      ...["-f", "lavfi", "-i", "color=red:size=640x480:duration=0.04:rate=25"],
      ...["-map", "1:v", "-map", "0:v", "-c:v:0", "mjpeg", "-c:v:1", "copy"],
    ],
    expect: { display: SMALL, indices: count(40), timesSecs: steady(40) },
  },
  {
    file: "disabled-first.mp4",
    from: "h264-bframes.mp4",
    encode: [
      ...["-f", "lavfi", "-i", "testsrc=size=640x480:duration=1:rate=30"],
      ...["-map", "1:v", "-map", "0:v", "-c:v:0", "libx264", "-pix_fmt:v:0", "yuv420p"],
      ...["-c:v:1", "copy", "-disposition:v:0", "0", "-disposition:v:1", "default"],
    ],
    expect: { display: SMALL, indices: count(40), timesSecs: steady(40) },
  },
  plain("odd-size.webm", ["-c:v", "libvpx-vp9", "-crf", "10", "-b:v", "0", ...fastVpx()], 40, {
    width: 321,
    height: 241,
  }),
  plain("vp8.webm", ["-c:v", "libvpx", "-crf", "8", "-b:v", "4M", ...fastVpx()]),
  plain("vp9.webm", ["-c:v", "libvpx-vp9", "-crf", "10", "-b:v", "0", ...fastVpx()]),
  plain("vp9-bt601.webm", [
    ...["-c:v", "libvpx-vp9", "-crf", "10", "-b:v", "0", ...fastVpx(), ...tag("smpte170m")],
  ]),
  plain("av1.mp4", ["-c:v", "libaom-av1", "-crf", "20", "-cpu-used", "8", "-pix_fmt", "yuv420p"]),
  plain("hevc.mp4", [
    ...["-c:v", "libx265", "-crf", "16", "-preset", "fast", "-tag:v", "hvc1"],
    ...["-x265-params", "log-level=none", "-pix_fmt", "yuv420p"],
  ]),
  plain("mpeg4.avi", ["-c:v", "mpeg4", "-q:v", "3", "-bf", "2"]),
  plain("mjpeg.avi", ["-c:v", "mjpeg", "-q:v", "3"]),
  plain("mpeg2.ts", ["-c:v", "mpeg2video", "-q:v", "3", "-bf", "2"]),
  plain("one-frame.mp4", X264, 1),
  plain("two-frames.mp4", X264, 2),
  {
    ...plain("animated.gif", ["-vf", "setpts=N/10/TB", "-r", "10"], 20),
    expect: { display: SMALL, indices: count(20), timesSecs: steady(20, 10) },
  },
  photo("photo.png", ["-c:v", "png"]),
  photo("photo.jpg", ["-c:v", "mjpeg", "-q:v", "2"]),
  photo("photo.webp", ["-c:v", "libwebp", "-quality", "95"]),
];

/** The same pictures on every machine: "realtime" would go by how busy it is. */
function fastVpx(): string[] {
  const speed = ["-deadline", "good", "-cpu-used", "5", "-threads", "1"];
  return [...speed, "-g", "12", "-pix_fmt", "yuv420p"];
}

function tag(matrix: string): string[] {
  return ["-vf", `scale=out_color_matrix=${matrix}`, "-colorspace", matrix];
}

/** Wide colours with the transfer of HDR. */
function wide(transfer: string): string[] {
  const colours = ["-colorspace", "bt2020nc", "-color_primaries", "bt2020"];
  return ["-vf", "scale=out_color_matrix=bt2020", ...colours, "-color_trc", transfer];
}

function photo(file: string, encode: readonly string[]): Recipe {
  return plain(file, [...encode, "-frames:v", "1", "-f", "image2", "-update", "1"], 1);
}

/** Files that cannot be opened, and what the message must speak of. */
export const BROKEN: readonly { file: string; says: RegExp }[] = [
  { file: "empty.mp4", says: /empty/i },
  { file: "text.mp4", says: /not a video/i },
  { file: "audio-only.m4a", says: /no picture/i },
  { file: "encrypted.mp4", says: /protected/i },
  { file: "no-index.mp4", says: /lacks its index/i },
  { file: "stream-start.mp4", says: /initialisation segment/i },
  { file: "segment.m4s", says: /one segment/i },
  { file: "list.m3u8", says: /playlist/i },
  { file: "phone.heic", says: /HEIC photo/i },
];

/** Cut off, yet what is there plays: a file, and the fewest frames that it must show. */
export const TRUNCATED: readonly { file: string; from: string; keep: number; least: number }[] = [
  { file: "truncated.webm", from: "vp8.webm", keep: 0.6, least: 15 },
  // What lies in the cut cluster counts too.
  { file: "truncated.mkv", from: "one-cluster.mkv", keep: 0.7, least: 24 },
  { file: "truncated-fragments.mp4", from: "h264-fragmented.mp4", keep: 0.6, least: 15 },
  { file: "truncated-faststart.mp4", from: "faststart.mp4", keep: 0.6, least: 15 },
];

/** A part comes twice: its demuxer in the page goes round for ever, ffmpeg shows every frame. */
export const DOUBLED = { file: "doubled.webm", from: "vp8.webm", seed: 2 } as const;

/** Position of a box's content; boxes nest as MP4 tells. */
function findBox(bytes: Uint8Array, type: string): number {
  const codes = [...type].map((c) => c.charCodeAt(0));
  const at = bytes.findIndex((_, i) => codes.every((code, k) => bytes[i + k] === code));
  if (at < 0) throw new Error(`no ${type} box`);
  return at + 4;
}

function patchMatrix(bytes: Uint8Array, degrees: 90 | 180 | 270): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const matrix = findBox(bytes, "tkhd") + 40;
  const [cos, sin] = { 90: [0, 1], 180: [-1, 0], 270: [0, -1] }[degrees];
  for (const [entry, value] of [cos, sin, 0, -sin, cos].entries()) {
    view.setInt32(matrix + 4 * entry, value * 65536);
  }
  return bytes;
}

/** Cuts the shown part to `share`: version 0 of the box holds 32-bit durations. */
function patchEditDuration(bytes: Uint8Array, share: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const duration = findBox(bytes, "elst") + 8;
  view.setUint32(duration, Math.round(view.getUint32(duration) * share));
  return bytes;
}

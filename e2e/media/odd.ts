import { count, type Recipe, SMALL, steady, X264 } from "./list.ts";

/** Legal files that decoders meet rarely: the studio opens every one of them. */
export const ODD: readonly Recipe[] = [
  odd("negative-dts.mp4", [...X264, "-bf", "3", "-movflags", "negative_cts_offsets"]),
  odd("negative-start.mkv", [...X264, "-bf", "3", "-output_ts_offset", "-0.4"]),
  odd("late-start.mp4", [...X264, "-output_ts_offset", "3600"]),
  odd("tiny-1x1.mkv", ["-c:v", "ffv1", "-pix_fmt", "bgr0"], { width: 1, height: 1 }),
  odd("tiny-1x1.mov", ["-c:v", "png"], { width: 1, height: 1 }),
  odd("tiny-3x5.mkv", ["-c:v", "ffv1", "-pix_fmt", "yuv444p"], { width: 3, height: 5 }),
  odd("tiny-3x5.gif", [], { width: 3, height: 5 }, 10),
  odd("tiny-3x5.png", ["-frames:v", "1", "-update", "1"], { width: 3, height: 5 }, 1),
  odd("large.mp4", [...X264, "-preset", "ultrafast"], { width: 4096, height: 2304 }, 4),
  odd("long-strip.mp4", X264, { width: 2048, height: 16 }, 6),
  odd("alpha.webm", ["-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p", ...fast()]),
  odd("alpha.mov", ["-c:v", "qtrle", "-pix_fmt", "argb"]),
  odd("alpha-prores.mov", ["-c:v", "prores_ks", "-profile:v", "4", "-pix_fmt", "yuva444p10le"]),
  odd("interlaced.mp4", ["-vf", "tinterlace=interleave_top", ...X264, "-flags", "+ildct+ilme"]),
  odd("interlaced.ts", ["-c:v", "mpeg2video", "-q:v", "3", "-flags", "+ildct+ilme"]),
  odd("fps-240.mp4", ["-vf", "setpts=N/240/TB", "-r", "240", ...X264]),
  odd("fps-1.mp4", ["-vf", "setpts=N/TB", "-r", "1", ...X264], SMALL, 6),
  odd("vp9-10bit.webm", ["-c:v", "libvpx-vp9", "-pix_fmt", "yuv420p10le", ...fast()]),
  odd("gray.mp4", [...X264.slice(0, -2), "-pix_fmt", "gray"]),
  odd("h264-422.mp4", [...X264.slice(0, -2), "-pix_fmt", "yuv422p"]),
  odd("theora.ogv", ["-c:v", "libtheora", "-q:v", "7"]),
  odd("flv1.flv", ["-c:v", "flv", "-q:v", "3"]),
  odd("wmv2.wmv", ["-c:v", "wmv2", "-q:v", "3"]),
  odd("mpeg1.mpg", ["-c:v", "mpeg1video", "-q:v", "3"]),
  odd("raw.avi", ["-c:v", "rawvideo", "-pix_fmt", "bgr24"], SMALL, 6),
  odd("intra-only.mp4", [...X264, "-g", "1"]),
  odd("one-key.mp4", [...X264, "-g", "999", "-sc_threshold", "0"]),
  {
    ...odd("two-videos.mp4", []),
    from: "h264-bframes.mp4",
    encode: ["-map", "0:v", "-map", "0:v", "-c", "copy"],
  },
  {
    ...odd("sound-and-picture.mp4", []),
    from: "h264-bframes.mp4",
    inputOptions: ["-f", "lavfi", "-i", "sine=duration=2"],
    encode: ["-map", "1:v", "-map", "0:a", "-c:v", "copy", "-c:a", "aac"],
  },
  {
    ...odd("cover-picture.m4a", []),
    from: "photo.png",
    inputOptions: ["-f", "lavfi", "-i", "sine=duration=1"],
    encode: [
      "-map",
      "0:a",
      "-map",
      "1:v",
      "-c:a",
      "aac",
      "-c:v",
      "copy",
      "-disposition:v",
      "attached_pic",
    ],
  },
];

function odd(file: string, encode: readonly string[], size = SMALL, frames = 24): Recipe {
  const expect = { display: size, indices: count(frames), timesSecs: steady(frames) };
  return { file, encode, frames, size, expect };
}

function fast(): string[] {
  return ["-deadline", "realtime", "-cpu-used", "6", "-crf", "20", "-b:v", "0"];
}

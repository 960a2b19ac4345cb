import { lightOf } from "../../../engine/picture/light.ts";
import {
  type ColourMatrix,
  type PixelLayout,
  untaggedMatrix,
  type YuvColour,
} from "../../../engine/picture/picture.ts";

/** What ffmpeg is asked for and how its bytes lie. */
export interface StoredFormat {
  readonly pixelFormat: string;
  readonly layout: PixelLayout;
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
  yuva420p: "420a",
  yuva422p: "422a",
  yuva444p: "444a",
  yuva420p10le: "420ap10",
  yuva422p10le: "422ap10",
  yuva444p10le: "444ap10",
  nv12: "nv12",
  rgba: "rgba",
};

/** Formats that our renderer reads are taken as they are; ffmpeg converts the others. */
export function pixelFormat(format: string): StoredFormat {
  const layout = LAYOUTS[format];
  if (layout) return { pixelFormat: format, layout };
  if (/^yuvj?4[14]/.test(format)) {
    const pixel = format.startsWith("yuvj") ? "yuvj444p" : "yuv444p";
    return { pixelFormat: pixel, layout: "444" };
  }
  if (format.startsWith("yuv")) {
    const deep = format.replace(/\d+(le|be)$/, "10le");
    const found = LAYOUTS[deep];
    if (found) return { pixelFormat: deep, layout: found };
  }
  if (/^p01\d/.test(format)) return { pixelFormat: "yuv420p10le", layout: "420p10" };
  return { pixelFormat: "rgba", layout: "rgba" };
}

/** What ffprobe says of a stream's colours. */
export interface ColourTags {
  pix_fmt?: string;
  color_range?: string;
  color_space?: string;
  color_transfer?: string;
  color_primaries?: string;
}

/** Untagged video is BT.709, and BT.601 in full range (the JPEG family), as Chromium takes it. */
export function colourOf(tags: ColourTags): YuvColour {
  const { color_transfer: transfer = "", color_primaries: primaries = "" } = tags;
  const jpeg = tags.pix_fmt?.startsWith("yuvj") ?? false;
  const fullRange = jpeg || tags.color_range === "pc";
  const light = lightOf(transfer, primaries);
  const untagged = primaries === "bt2020" ? "bt2020" : untaggedMatrix(fullRange);
  const matrix = MATRICES[tags.color_space ?? ""] ?? untagged;
  return { matrix, fullRange, ...(light && { light }) };
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
  ycgco: "ycgco",
};

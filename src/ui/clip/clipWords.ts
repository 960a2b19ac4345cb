import type { ClipInfo, WorkingRate } from "../../domain/clip.ts";
import { WORKING_RATE, WORKING_SIZE } from "../../domain/studio-defaults.ts";

const DECODERS = {
  webcodecs: "the browser (WebCodecs)",
  "ffmpeg.wasm": "ffmpeg in the page",
  ffmpeg: "ffmpeg",
  image: "the browser",
} as const;

/** Names that people know, for those that the tools use. */
const CODECS: Readonly<Record<string, string>> = {
  avc: "H.264",
  h264: "H.264",
  hevc: "H.265",
  vp8: "VP8",
  vp9: "VP9",
  av1: "AV1",
  mpeg4: "MPEG-4",
  gif: "GIF",
  jpeg: "JPEG",
  png: "PNG",
  webp: "WebP",
  avif: "AVIF",
  bmp: "BMP",
  mjpeg: "Motion JPEG",
};

/** "832×480": the frame that everything works in. */
export const WORKING_SIZE_WORDS = `${WORKING_SIZE.width}×${WORKING_SIZE.height}`;

/** What the file is. */
export function sourceWords({ kind, displaySize, nativeFps, durationSecs }: ClipInfo): string {
  const size = `${displaySize.width}×${displaySize.height}`;
  if (kind === "photo") return size;
  return `${size}, ${twoDecimals(nativeFps)} fps, ${durationSecs.toFixed(1)} s`;
}

/** In what it is packed, and who decodes it. */
export function decoderWords({ codec, decodedBy }: ClipInfo): string {
  return `${CODECS[codec] ?? codec} by ${DECODERS[decodedBy]}`;
}

/** What is made of it. */
export function workingWords({ frameCount, fps }: ClipInfo): string {
  if (frameCount === 1) return `${WORKING_SIZE_WORDS}, 1 frame`;
  return `${WORKING_SIZE_WORDS}, ${frameCount} frames at ${twoDecimals(fps)} fps`;
}

function twoDecimals(value: number): number {
  return Number(value.toFixed(2));
}

/** The working rates that are offered: the studio's own, every native frame, or any other. */
export type RateChoice = "studio" | "native" | "typed";

export function rateChoice(rate: WorkingRate): RateChoice {
  if (rate === "native") return "native";
  return rate === WORKING_RATE ? "studio" : "typed";
}

export const TYPED_RATES = { min: 1, max: 120 } as const;

/** The rate that was typed; null where it is none that a clip can work at. */
export function typedRate(text: string): number | null {
  const rate = text.trim() === "" ? Number.NaN : Number(text);
  return rate >= TYPED_RATES.min && rate <= TYPED_RATES.max ? rate : null;
}

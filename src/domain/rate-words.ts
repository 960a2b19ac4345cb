import type { ClipInfo } from "./clip.ts";

/** From here on the working rate shows another clip than the file: for 60 fps at 16 it is 3.75. */
const FAR_APART = 4;

/**
 * What the working rate does to a very slow or a very fast clip, whose native rate then is the
 * better choice; null where the two are near enough. Rates are frames a second.
 */
export function rateNotice(info: ClipInfo): string | null {
  const { kind, fps, frameCount, nativeFps, nativeFrameCount } = info;
  if (kind === "photo" || nativeFrameCount < 2) return null;
  const working = rounded(fps);
  if (frameCount >= FAR_APART * nativeFrameCount) {
    const times = Math.round(frameCount / nativeFrameCount);
    return `The clip has only ${count(rounded(nativeFps), "picture")} a second: at ${working} fps each is repeated for about ${times} frames, and a history of repeated pictures holds no motion.`;
  }
  if (nativeFrameCount <= FAR_APART * frameCount && frameCount > 1) return null;
  if (frameCount > 1) {
    const every = Math.round(nativeFps / fps);
    return `The clip has ${rounded(nativeFps)} pictures a second: ${working} fps take about one of ${every}, ${frameCount} of ${nativeFrameCount}.`;
  }
  return `The clip has ${nativeFrameCount} pictures, but at ${working} fps one frame is left of them, which holds no motion.`;
}

function count(value: number, thing: string): string {
  return `${value} ${thing}${value === 1 ? "" : "s"}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

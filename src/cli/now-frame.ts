import { MediaError } from "../domain/errors.ts";
import type { OpenClip } from "../domain/ports.ts";
import { frameAtSecs } from "./frame-at-secs.ts";

/** Where "now" is: the middle frame (where the studio starts too), a time, a share, a frame. */
export type NowPlace =
  | "middle"
  | { readonly secs: number }
  /** 0 = the first frame, 1 = the last one. */
  | { readonly share: number }
  /** Counts working frames from the clip's start. */
  | { readonly frame: number };

/** The working frame at `place`. @throws MediaError where the clip ends before it. */
export function nowFrame(clip: OpenClip, place: NowPlace): number {
  const { durationSecs, frameCount } = clip.info;
  if (place === "middle") return Math.floor((frameCount - 1) / 2);
  if ("share" in place) return Math.round(place.share * (frameCount - 1));
  if ("frame" in place) {
    if (place.frame < frameCount) return place.frame;
    throw new MediaError(
      `"now" at frame ${place.frame} is after the end of the clip (${frameCount} frames).`,
      "Give an earlier one.",
    );
  }
  if (place.secs <= durationSecs) return frameAtSecs(clip, place.secs);
  throw new MediaError(
    `"now" at ${place.secs} s is after the end of the clip (${durationSecs.toFixed(2)} s).`,
    "Give an earlier --now.",
  );
}

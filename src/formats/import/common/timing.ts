import type { TrackInspection } from "./types.ts";

/** What is known of the clip's time. */
export interface ClipTime {
  /** Working frames. */
  readonly fps: number;
  readonly frameCount: number;
  readonly nativeFps: number;
  readonly nativeFrameCount: number;
  /** Clip time of the "now" that is set. */
  readonly nowSecs: number;
}

/** Where imported tracks lie in the time of the clip. */
export interface TracksTime {
  readonly fps: number;
  /** Clip time of their first frame. */
  readonly firstSecs: number;
  /** Clip time of "now". */
  readonly nowSecs: number;
}

export interface TimingProposal extends TracksTime {
  /** Why, one sentence each, for the user to check. */
  readonly reasons: readonly string[];
}

/**
 * Proposes the frame rate and the start of tracks of `frameCount` frames. Trackers run over the frames
 * of a video from its first one, so without a word of the file that is what is proposed.
 */
export function proposeTiming(
  frameCount: number,
  { fps: written, now }: Pick<TrackInspection, "fps" | "now">,
  clip: ClipTime,
): TimingProposal {
  const reasons: string[] = [];
  const fps = written ?? rateOf(frameCount, clip, reasons);
  if (written !== undefined) reasons.push(`${show(written)} frames a second: the file says so.`);
  if (now) {
    reasons.push(`Frame ${now.frame + 1} is “now”, at ${show(now.secs)} s: the file says so.`);
    return { fps, firstSecs: now.secs - now.frame / fps, nowSecs: now.secs, reasons };
  }
  reasons.push("The first frame is the clip’s first: the file says nothing else.");
  const lastSecs = (frameCount - 1) / fps;
  if (clip.nowSecs <= lastSecs + 0.5 / fps)
    return { fps, firstSecs: 0, nowSecs: clip.nowSecs, reasons };
  const nowSecs = Math.floor(lastSecs * clip.fps + 1e-6) / clip.fps;
  reasons.push(`“Now” moves to ${show(nowSecs)} s: the tracks end there.`);
  return { fps, firstSecs: 0, nowSecs, reasons };
}

function rateOf(frameCount: number, clip: ClipTime, reasons: string[]): number {
  if (frameCount === clip.frameCount && frameCount !== clip.nativeFrameCount) {
    reasons.push(`${show(clip.fps)} frames a second: as many frames as the working clip has.`);
    return clip.fps;
  }
  const fps = clip.nativeFps > 0 ? clip.nativeFps : clip.fps;
  const same = frameCount === clip.nativeFrameCount;
  reasons.push(
    `${show(fps)} frames a second: the clip’s own rate${same ? ", and as many frames" : ""}.`,
  );
  return fps;
}

function show(value: number): string {
  return String(Math.round(value * 100) / 100);
}

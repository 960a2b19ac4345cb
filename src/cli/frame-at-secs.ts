import type { OpenClip } from "../domain/ports.ts";

/** The working frame on screen at `secs`, held to the clip. */
export function frameAtSecs(clip: OpenClip, secs: number): number {
  const { frameTimesSecs, frameCount, fps } = clip.info;
  // Times that were written with few decimals must still reach their own frame.
  const slack = 0.1 / fps;
  let frame = 0;
  while (frame + 1 < frameCount && frameTimesSecs[frame + 1] <= secs + slack) frame++;
  return frame;
}

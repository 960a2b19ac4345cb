import { playhead } from "../playhead.ts";
import { selectClip, selectTimelineFrames, studio } from "../studio.ts";
import { warmUp } from "./warm.ts";

/** Puts the playhead on a frame of the timeline, whole and within bounds. */
export function seek(frame: number): void {
  const last = Math.max(0, selectTimelineFrames(studio()) - 1);
  playhead.set(Math.min(last, Math.max(0, Math.round(frame))));
}

export function step(frames: number): void {
  studio().setTransport({ playing: false });
  seek(playhead.get() + frames);
}

export function togglePlay(): void {
  const { playing, speed, setTransport } = studio();
  if (!playing && speed > 0 && playhead.get() >= selectTimelineFrames(studio()) - 1) seek(0);
  setTransport({ playing: !playing });
}

/** J and L: starts in that direction; pressed again, doubles the speed up to 4. */
export function shuttle(direction: 1 | -1): void {
  const { playing, speed, setTransport } = studio();
  const same = playing && Math.sign(speed) === direction;
  setTransport({
    playing: true,
    speed: same ? direction * Math.min(4, Math.abs(speed) * 2) : direction,
  });
}

export function stop(): void {
  studio().setTransport({ playing: false, speed: 1 });
}

/** I and O: marks the playhead as an end of the loop; on the same frame again, lifts it. */
export function markLoop(end: "in" | "out"): void {
  const { loopStart, loopEnd, setTransport } = studio();
  const frame = playhead.get();
  if (end === "in") {
    setTransport({
      loopStart: loopStart === frame ? null : frame,
      loopEnd: loopEnd !== null && loopEnd <= frame ? null : loopEnd,
    });
  } else {
    setTransport({
      loopEnd: loopEnd === frame ? null : frame,
      loopStart: loopStart !== null && loopStart >= frame ? null : loopStart,
    });
  }
}

/** Moves "now". The forecast on screen stays until a new one arrives. */
export function setNow(frame: number): void {
  const count = selectClip(studio())?.info.frameCount ?? 1;
  const nowIndex = Math.min(count - 1, Math.max(0, Math.round(frame)));
  studio().edit((d) => (d.nowIndex === nowIndex ? d : { ...d, nowIndex }), "now");
  warmUp();
}

export function jumpToNow(): void {
  const { present } = studio().history;
  seek(present.clipId ? present.nowIndex : (present.origin?.nowIndex ?? 0));
}

/**
 * Frame after `elapsed` seconds of play, looping over the marked range or the whole timeline.
 * `position` is fractional; so is the result.
 */
export function advance(
  position: number,
  elapsedSecs: number,
  rate: number,
  start: number,
  end: number,
): number {
  const span = end - start + 1;
  const moved = position + elapsedSecs * rate;
  if (moved >= start && moved < end + 1) return moved;
  return start + ((((moved - start) % span) + span) % span);
}

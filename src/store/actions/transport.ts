import { type Studio, selectClip, selectTimelineFrames } from "../studio.ts";
import { warmUp } from "./warm.ts";

/** Puts the playhead on a frame of the timeline, whole and within bounds. */
export function seek(studio: Studio, frame: number): void {
  const last = Math.max(0, selectTimelineFrames(studio.state) - 1);
  studio.playhead.set(Math.min(last, Math.max(0, Math.round(frame))));
}

export function step(studio: Studio, frames: number): void {
  studio.state.setTransport({ playing: false });
  seek(studio, studio.playhead.get() + frames);
}

export function togglePlay(studio: Studio): void {
  const { playing, speed, setTransport } = studio.state;
  if (!playing && speed > 0 && studio.playhead.get() >= selectTimelineFrames(studio.state) - 1)
    seek(studio, 0);
  setTransport({ playing: !playing });
}

/** J and L: starts in that direction; pressed again, doubles the speed up to 4. */
export function shuttle(studio: Studio, direction: 1 | -1): void {
  const { playing, speed, setTransport } = studio.state;
  const same = playing && Math.sign(speed) === direction;
  setTransport({
    playing: true,
    speed: same ? direction * Math.min(4, Math.abs(speed) * 2) : direction,
  });
}

export function stop(studio: Studio): void {
  studio.state.setTransport({ playing: false, speed: 1 });
}

/** I and O: marks the playhead as an end of the loop; on the same frame again, lifts it. */
export function markLoop(studio: Studio, end: "in" | "out"): void {
  const { loopStart, loopEnd, setTransport } = studio.state;
  const frame = studio.playhead.get();
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
export function setNow(studio: Studio, frame: number): void {
  const count = selectClip(studio.state)?.info.frameCount ?? 1;
  const nowIndex = Math.min(count - 1, Math.max(0, Math.round(frame)));
  studio.state.edit((d) => (d.nowIndex === nowIndex ? d : { ...d, nowIndex }), "now");
  warmUp(studio);
}

export function jumpToNow(studio: Studio): void {
  const { present } = studio.state.history;
  seek(studio, present.clipId ? present.nowIndex : (present.origin?.nowIndex ?? 0));
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

import { useEffect } from "react";
import { advance } from "../../store/actions/transport.ts";
import { playhead } from "../../store/playhead.ts";
import { selectFps, selectTimelineFrames, studio, useStudio } from "../../store/studio.ts";

/** Moves the playhead with the clock while playing. */
export function usePlayback(): void {
  const playing = useStudio((s) => s.playing);
  useEffect(() => {
    if (!playing) return;
    let position = playhead.get();
    let before = performance.now();
    let handle = requestAnimationFrame(tick);
    function tick(nowMillis: number) {
      handle = requestAnimationFrame(tick);
      const state = studio();
      const last = selectTimelineFrames(state) - 1;
      const start = Math.min(state.loopStart ?? 0, last);
      const end = Math.min(state.loopEnd ?? last, last);
      // A seek during play wins over the clock.
      if (Math.floor(position) !== playhead.get()) position = playhead.get();
      const rate = selectFps(state) * state.speed;
      position = advance(position, (nowMillis - before) / 1000, rate, start, end);
      before = nowMillis;
      playhead.set(Math.floor(position));
    }
    return () => cancelAnimationFrame(handle);
  }, [playing]);
}

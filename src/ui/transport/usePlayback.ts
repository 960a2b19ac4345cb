import { useEffect } from "react";
import { advance } from "../../store/actions/transport.ts";
import { selectFps, selectTimelineFrames, useStudio, useStudioObject } from "../../store/studio.ts";

/** Moves the playhead with the clock while playing. */
export function usePlayback(): void {
  const studio = useStudioObject();
  const playing = useStudio((s) => s.playing);
  useEffect(() => {
    if (!playing) return;
    let position = studio.playhead.get();
    let before = performance.now();
    let handle = requestAnimationFrame(tick);
    function tick(nowMillis: number) {
      handle = requestAnimationFrame(tick);
      const state = studio.state;
      const last = selectTimelineFrames(state) - 1;
      const start = Math.min(state.loopStart ?? 0, last);
      const end = Math.min(state.loopEnd ?? last, last);
      // A seek during play wins over the clock.
      if (Math.floor(position) !== studio.playhead.get()) position = studio.playhead.get();
      const rate = selectFps(state) * state.speed;
      position = advance(position, (nowMillis - before) / 1000, rate, start, end);
      before = nowMillis;
      studio.playhead.set(Math.floor(position));
    }
    return () => cancelAnimationFrame(handle);
  }, [studio, playing]);
}

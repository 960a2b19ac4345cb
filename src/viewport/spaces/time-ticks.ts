export interface TimeTick {
  /** Relative to "now"; may lie between frames. */
  readonly frame: number;
  readonly label: string;
}

const STEPS_SECS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];

/** Ticks at round seconds from "now", at most about nine of them. */
export function timeTicks(firstFrame: number, lastFrame: number, fps: number): TimeTick[] {
  const spanSecs = (lastFrame - firstFrame) / fps;
  const step = STEPS_SECS.find((secs) => spanSecs / secs <= 9) ?? 120;
  const ticks: TimeTick[] = [];
  const from = Math.ceil(firstFrame / fps / step - 1e-6);
  for (let i = from; i * step * fps <= lastFrame + 1e-6; i++) {
    const secs = Number((i * step).toFixed(1));
    const label = i === 0 ? "now" : `${secs > 0 ? "+" : "−"}${Math.abs(secs)} s`;
    ticks.push({ frame: i * step * fps, label });
  }
  return ticks;
}

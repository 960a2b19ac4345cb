import { FormatError } from "../../../domain/errors.ts";
import { HISTORY_FRAMES } from "../../../domain/grid.ts";
import { resampleFrames } from "../../../domain/resampling.ts";
import type { Tracks } from "../../../domain/tracks.ts";
import { type GridMapping, mapToGrid } from "./map-to-grid.ts";

export interface ImportTiming {
  /** Frames a second of the imported tracks. */
  readonly sourceFps: number;
  /** Clip time of their first frame. */
  readonly firstSecs: number;
  /** Clip time of "now". */
  readonly nowSecs: number;
  /** Working frames a second of the clip. */
  readonly workingFps: number;
}

/**
 * The history that a forecast starts from, out of imported tracks: working frames that end at "now", at
 * most 81 of them, as many as the tracks cover, mapped to the query points (map-to-grid.ts), which
 * lie on "now" or on the first of these frames.
 * @throws FormatError when the tracks do not reach "now".
 */
export function historyFromTracks(
  tracks: Tracks,
  timing: ImportTiming,
  queryXyN2: Float32Array,
  referenceFrame: "last-history" | "first-history" = "last-history",
): GridMapping {
  const { sourceFps, firstSecs, nowSecs, workingFps } = timing;
  const now = (nowSecs - firstSecs) * sourceFps;
  // Half a source frame: what rounding of times in either file may cost.
  if (!(now >= -0.5 && now <= tracks.frameCount - 0.5)) {
    const lastSecs = firstSecs + (tracks.frameCount - 1) / sourceFps;
    throw new FormatError(
      `The tracks cover ${firstSecs.toFixed(2)} to ${lastSecs.toFixed(2)} s, and “now” is at ${nowSecs.toFixed(2)} s`,
      "Set “now” inside them, or correct their frame rate and start.",
    );
  }
  const step = sourceFps / workingFps;
  const frames = historyFrames(timing);
  const indices = Float64Array.from({ length: frames }, (_, t) =>
    nearWhole(now - (frames - 1 - t) * step),
  );
  return mapToGrid(
    resampleFrames(tracks, indices),
    queryXyN2,
    referenceFrame === "first-history" ? 0 : frames - 1,
  );
}

/** How many working frames of history the tracks cover up to "now", 1 to 81. */
export function historyFrames({ sourceFps, firstSecs, nowSecs, workingFps }: ImportTiming): number {
  const covered = ((nowSecs - firstSecs) * sourceFps + 0.5) * (workingFps / sourceFps);
  return Math.min(HISTORY_FRAMES, Math.max(1, Math.floor(covered) + 1));
}

/** Times are sums of fractions; an index a millionth off a frame is that frame. */
function nearWhole(index: number): number {
  const whole = Math.round(index);
  return Math.abs(index - whole) < 1e-6 ? whole : index;
}

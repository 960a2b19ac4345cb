import { FormatError } from "../../../domain/errors.ts";
import type { Forecast } from "../../../domain/forecast.ts";
import { joinFrames } from "../../../domain/resampling.ts";
import { sliceFrames, type Tracks } from "../../../domain/tracks.ts";
import type { SegmentTime } from "./time.ts";
import type { ExportSegment } from "./types.ts";

/**
 * The frames of a segment, with the "now" frame in place, and when they are.
 * @throws FormatError where the forecast does not have it.
 */
export function segmentTracks(
  forecast: Forecast,
  segment: ExportSegment,
  futureIndex: number | null,
): { tracks: Tracks; time: SegmentTime } {
  const { history, fps } = forecast;
  const now = history.frameCount - 1;
  const nowFrame = sliceFrames(history, now, now + 1);
  const made = (tracks: Tracks, nowIndex: number) => ({
    tracks,
    time: { segment, frameCount: tracks.frameCount, nowIndex, fps },
  });
  switch (segment) {
    case "past":
      return made(history, now);
    case "truth":
      if (forecast.truth) return made(joinFrames(nowFrame, forecast.truth), 0);
      throw new FormatError(
        "The clip ends at “now”, so what really happened next is not known",
        "Choose another layer, or set “now” earlier in the clip.",
      );
    case "both":
      return made(joinFrames(history, futureTracks(forecast, futureIndex)), now);
    case "future":
      return made(joinFrames(nowFrame, futureTracks(forecast, futureIndex)), 0);
  }
}

function futureTracks(forecast: Forecast, index: number | null): Tracks {
  const future = forecast.futures[index ?? 0];
  if (future) return future.tracks;
  throw new FormatError(
    `Future ${(index ?? 0) + 1} does not exist: the forecast has ${forecast.futures.length}`,
    "Choose one of the futures of the forecast.",
  );
}

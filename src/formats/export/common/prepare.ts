import type { Forecast } from "../../../domain/forecast.ts";
import { resampleFrames, selectPoints } from "../../../domain/resampling.ts";
import { fewTracks } from "./few.ts";
import type { ExportFormat } from "./format.ts";
import { checkedSize, placeTracks, shownInside, sizeNotices, WORKING_SIZE } from "./place.ts";
import { chosenPoints, requireFinite, shownAtFirst } from "./points.ts";
import type { PreparedTracks } from "./prepared.ts";
import { segmentTracks } from "./segment.ts";
import { frameOf, planTime, round } from "./time.ts";
import type { ExportOptions } from "./types.ts";

/** @throws FormatError when the options name something the forecast does not have. */
export function prepareTracks(
  forecast: Forecast,
  format: ExportFormat,
  options: ExportOptions,
  futureIndex: number | null,
): PreparedTracks {
  const { defaults } = format;
  const segment = options.segment ?? defaults.segment;
  const source = segmentTracks(forecast, segment, futureIndex);
  const plan = planTime(
    source.time,
    options.frames ?? defaults.frames,
    options.fps ?? defaults.fps,
  );
  const pointIds = chosenPoints(forecast.history.pointCount, options.points);
  const size = checkedSize(options.size ?? defaults.size ?? WORKING_SIZE);
  const tracks = placeTracks(
    resampleFrames(selectPoints(source.tracks, pointIds), plan.indices),
    size,
  );
  requireFinite(tracks, pointIds);
  const placed: PreparedTracks = {
    segment,
    futureIndex,
    size,
    fps: plan.fps,
    nowFrame: frameOf(source.time.nowIndex, plan.indices),
    fromNowT: plan.indices.map((index) => index - source.time.nowIndex),
    tracks,
    shownTN: shownInside(tracks, size),
    pointIds,
    dropped: [],
    notices: [...plan.notices, ...rateNotices(format, plan.fps), ...sizeNotices(size)],
  };
  const seen = format.startsVisible ? withoutHidden(placed) : placed;
  return options.tracks === undefined ? seen : withFew(seen, options.tracks, forecast);
}

function withFew(seen: PreparedTracks, most: number, forecast: Forecast): PreparedTracks {
  const { tracks: all, pointIds, size, notices } = seen;
  const columns = fewTracks(all, pointIds, most, forecast);
  if (columns.length === all.pointCount) return seen;
  const tracks = selectPoints(all, columns);
  return {
    ...seen,
    tracks,
    shownTN: shownInside(tracks, size),
    pointIds: Int32Array.from(columns, (n) => pointIds[n]),
    notices: [
      ...notices,
      `Kept ${columns.length} of ${all.pointCount} tracks: those of edits first, then spread over the picture.`,
    ],
  };
}

function withoutHidden(placed: PreparedTracks): PreparedTracks {
  const { tracks: all, shownTN, pointIds, size, notices } = placed;
  const { columns, dropped } = shownAtFirst(all, shownTN, pointIds);
  const tracks = selectPoints(all, columns);
  const told = `Left out, because they are not visible in the first frame: ${dropped.length} of ${pointIds.length} points.`;
  return {
    ...placed,
    tracks,
    shownTN: shownInside(tracks, size),
    pointIds: Int32Array.from(columns, (n) => pointIds[n]),
    dropped,
    notices: dropped.length === 0 ? notices : [...notices, told],
  };
}

function rateNotices({ playbackFps }: ExportFormat, fps: number): string[] {
  if (playbackFps === undefined || Math.abs(fps - playbackFps) < 0.01) return [];
  const speed = round(playbackFps / fps);
  return [
    `The generator plays ${playbackFps} frames a second, so this motion runs at ${speed}× its real speed; a frame rate of ${playbackFps} keeps real time.`,
  ];
}

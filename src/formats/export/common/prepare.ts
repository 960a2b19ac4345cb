import type { Size } from "../../../domain/clip.ts";
import { FormatError } from "../../../domain/errors.ts";
import type { Forecast } from "../../../domain/forecast.ts";
import { WORKING_HEIGHT, WORKING_WIDTH } from "../../../domain/grid.ts";
import { joinFrames, resampleFrames, selectPoints } from "../../../domain/resampling.ts";
import { sliceFrames, type Tracks } from "../../../domain/tracks.ts";
import { type LayerTime, planTime, round } from "./time.ts";
import type { DroppedPoint, ExportFormatInfo, ExportLayer, ExportOptions } from "./types.ts";

/** Tracks of one future, ready to be written: chosen, resampled, placed. */
export interface PreparedTracks {
  readonly layer: ExportLayer;
  /** Null for layers without a future. */
  readonly futureIndex: number | null;
  /** Pixels of `size`, 0 = centre of the first pixel. */
  readonly tracks: Tracks;
  /** [T,N] 1 = visible and inside the picture of `size`. */
  readonly shownTN: Uint8Array;
  readonly size: Size;
  readonly fps: number;
  /** Output frame of "now"; not an integer where resampling passed over it. */
  readonly nowFrame: number;
  readonly pointIds: Int32Array;
  readonly dropped: readonly DroppedPoint[];
  readonly notices: readonly string[];
}

const WORKING_SIZE: Size = { width: WORKING_WIDTH, height: WORKING_HEIGHT };

/** @throws FormatError when the options name something the forecast does not have. */
export function prepareTracks(
  forecast: Forecast,
  info: ExportFormatInfo,
  options: ExportOptions,
  futureIndex: number | null,
): PreparedTracks {
  const layer = options.layer ?? info.defaultLayer;
  const source = layerTracks(forecast, layer, futureIndex);
  const plan = planTime(source.time, options.frames ?? info.defaultFrames, options.fps);
  const pointIds = chosenPoints(forecast, options);
  const size = checkedSize(options.size ?? WORKING_SIZE);
  const placed = placeTracks(
    resampleFrames(selectPoints(source.tracks, pointIds), plan.indices),
    size,
  );
  requireFinite(placed, pointIds);
  const shownTN = shownInside(placed, size);
  const notices = [...plan.notices, ...rateNotice(info, plan.fps), ...sizeNotice(size)];
  const nowFrame = frameOf(source.time.nowIndex, plan.indices);
  const base = { layer, futureIndex, size, fps: plan.fps, nowFrame };
  if (!info.generator) {
    return { ...base, tracks: placed, shownTN, pointIds, dropped: [], notices };
  }
  const kept = keepShownAtFirst(placed, shownTN, pointIds);
  if (kept.columns.length === 0) {
    throw new FormatError(
      "No point is visible in the first exported frame, so the generator would have nothing to follow",
      "Choose other points or another layer.",
    );
  }
  const tracks = selectPoints(placed, kept.columns);
  return {
    ...base,
    tracks,
    shownTN: shownInside(tracks, size),
    pointIds: Int32Array.from(kept.columns, (n) => pointIds[n]),
    dropped: kept.dropped,
    notices:
      kept.dropped.length === 0
        ? notices
        : [
            ...notices,
            `Left out, because they are not visible in the first frame: ${kept.dropped.length} of ${pointIds.length} points.`,
          ],
  };
}

/** The frames of a layer, with the "now" frame in place. */
export function layerTracks(
  forecast: Forecast,
  layer: ExportLayer,
  futureIndex: number | null,
): { tracks: Tracks; time: LayerTime } {
  const { history, fps } = forecast;
  const now = history.frameCount - 1;
  const nowFrame = sliceFrames(history, now, now + 1);
  const made = (tracks: Tracks, nowIndex: number) => ({
    tracks,
    time: { layer, frameCount: tracks.frameCount, nowIndex, fps },
  });
  switch (layer) {
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

function requireFinite({ tracksTN2, pointCount }: Tracks, pointIds: Int32Array): void {
  const bad = tracksTN2.findIndex((v) => !Number.isFinite(v));
  if (bad < 0) return;
  const sample = Math.floor(bad / 2);
  throw new FormatError(
    `Point ${pointIds[sample % pointCount]} has no position in frame ${Math.floor(sample / pointCount)}`,
    "Resample this future: its numbers cannot be written.",
  );
}

function chosenPoints(forecast: Forecast, options: ExportOptions): Int32Array {
  const count = forecast.history.pointCount;
  const ids = options.points
    ? Int32Array.from(options.points)
    : Int32Array.from({ length: count }, (_, n) => n);
  if (ids.length === 0) {
    throw new FormatError("No points are chosen", "Choose at least one point.");
  }
  const bad = options.points?.find((id) => !Number.isInteger(id) || id < 0 || id >= count);
  if (bad !== undefined || new Set(ids).size !== ids.length) {
    throw new FormatError(
      bad === undefined ? "A point is chosen twice" : `Point ${bad} does not exist`,
      `Points count from 0 to ${count - 1}; name each once.`,
    );
  }
  return ids;
}

/** @throws FormatError where no picture could have this size. */
export function checkedSize(size: Size): Size {
  const fits = (n: number) => Number.isInteger(n) && n >= 16 && n <= 8192;
  if (fits(size.width) && fits(size.height)) return size;
  throw new FormatError(
    `${size.width}×${size.height} is not a usable picture size`,
    "Give a width and a height from 16 to 8192 pixels.",
  );
}

/** How the working frame lies in a picture of `size`: scaled to cover it, cut evenly at the sides. */
export function placement(size: Size): { scale: number; left: number; top: number } {
  const scale = Math.max(size.width / WORKING_WIDTH, size.height / WORKING_HEIGHT);
  return {
    scale,
    left: (scale * WORKING_WIDTH - size.width) / 2,
    top: (scale * WORKING_HEIGHT - size.height) / 2,
  };
}

/** Pixel edges scale, not pixel centres: x' + ½ = (x + ½)·scale − cut. */
function placeTracks(tracks: Tracks, size: Size): Tracks {
  const { scale, left, top } = placement(size);
  if (scale === 1 && left === 0 && top === 0) return tracks;
  const tracksTN2 = tracks.tracksTN2.map(
    (v, i) => (v + 0.5) * scale - (i % 2 === 0 ? left : top) - 0.5,
  );
  return { ...tracks, tracksTN2 };
}

function shownInside(tracks: Tracks, size: Size): Uint8Array {
  const { tracksTN2 } = tracks;
  return tracks.visibilityTN.map((visible, i) => {
    const x = tracksTN2[2 * i] + 0.5;
    const y = tracksTN2[2 * i + 1] + 0.5;
    return visible && x >= 0 && x < size.width && y >= 0 && y < size.height ? 1 : 0;
  });
}

/** WanMove reads index −1 for a track hidden at frame 0 and moves the bottom right corner instead. */
function keepShownAtFirst(tracks: Tracks, shownTN: Uint8Array, pointIds: Int32Array) {
  const columns: number[] = [];
  const dropped: DroppedPoint[] = [];
  for (let n = 0; n < tracks.pointCount; n++) {
    if (shownTN[n]) columns.push(n);
    else {
      const hidden = tracks.visibilityTN[n] === 0;
      const reason = hidden
        ? "hidden at the first frame"
        : "outside the picture at the first frame";
      dropped.push({ pointId: pointIds[n], reason });
    }
  }
  return { columns, dropped };
}

function frameOf(nowIndex: number, indices: Float64Array): number {
  if (indices.length < 2) return 0;
  const step = (indices[indices.length - 1] - indices[0]) / (indices.length - 1);
  const exact = indices.indexOf(nowIndex);
  return exact >= 0 || step === 0 ? exact : (nowIndex - indices[0]) / step;
}

function rateNotice(info: ExportFormatInfo, fps: number): string[] {
  const { playbackFps } = info;
  if (playbackFps === undefined || Math.abs(fps - playbackFps) < 0.01) return [];
  const speed = round(playbackFps / fps);
  return [
    `The generator plays ${playbackFps} frames a second, so this motion runs at ${speed}× its real speed; a frame rate of ${playbackFps} keeps real time.`,
  ];
}

function sizeNotice(size: Size): string[] {
  const { left, top } = placement(size);
  if (left < 0.5 && top < 0.5) return [];
  return [
    `${size.width}×${size.height} has another shape: ${left > top ? "left and right" : "top and bottom"} of the picture are cut off.`,
  ];
}

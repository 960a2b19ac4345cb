import { edgePoints, type FlatPoint, HIDDEN_SENTINEL, hundredths } from "./pixel-edge.ts";
import type { PreparedTracks } from "./prepare.ts";

/**
 * The bare array that ComfyUI's motion nodes share: track → frame → {"x","y"}, pixels of the output
 * picture, no envelope. A dict around it fails in every reader, and one of them turns apostrophes
 * into quotes, so nothing but numbers is written; what else there is to say goes into the sidecar.
 * There is no visibility: hidden points stand at HIDDEN_SENTINEL.
 */
export function coordinatesText(tracks: readonly (readonly FlatPoint[])[]): string {
  const lines = tracks.map(
    (track) => `[${track.map(({ x, y }) => `{"x":${x},"y":${y}}`).join(",")}]`,
  );
  return `[${lines.join(",\n")}]\n`;
}

export const HIDDEN_POINT: FlatPoint = { x: HIDDEN_SENTINEL, y: HIDDEN_SENTINEL };

/** Track → frame points in hundredths of a pixel, never rounded out of the picture. */
export function coordinatePoints(prepared: PreparedTracks): FlatPoint[][] {
  const { width, height } = prepared.size;
  return edgePoints(prepared).map((track) =>
    track.map((point) =>
      point ? { x: hundredths(point.x, width), y: hundredths(point.y, height) } : HIDDEN_POINT,
    ),
  );
}

/** What a person may want to know of a coordinates file, and no consumer reads. */
export function metadataText(prepared: PreparedTracks, extra: Record<string, unknown>): string {
  const { layer, futureIndex, size, fps, nowFrame, pointIds, dropped, notices, tracks } = prepared;
  const note = {
    schema: "foretrack-export",
    version: 1,
    ...extra,
    layer,
    future: futureIndex === null ? null : futureIndex + 1,
    width: size.width,
    height: size.height,
    fps,
    frames: tracks.frameCount,
    nowFrame,
    pixelOrigin: "0 = left or top edge of the first pixel",
    hiddenPoint: HIDDEN_SENTINEL,
    points: Array.from(pointIds),
    dropped,
    notices,
  };
  return `${JSON.stringify(note, null, 1)}\n`;
}

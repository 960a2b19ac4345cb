import { edgePoints, type FlatPoint, HIDDEN_SENTINEL, hundredths } from "./pixel-edge.ts";
import type { PreparedTracks } from "./prepared.ts";

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

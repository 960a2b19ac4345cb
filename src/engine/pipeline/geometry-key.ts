import { type PackGeometry, STUDIO_GEOMETRY } from "../../domain/pack/geometry.ts";

/** Tells the histories of one "now" apart by what they were made for; empty for the studio's own. */
export function geometryKey(geometry: PackGeometry): string {
  const { width, height, anchor, historyFrames, referenceFrame } = geometry;
  const size = `${width}x${height}x${historyFrames}`;
  const own = `${STUDIO_GEOMETRY.width}x${STUDIO_GEOMETRY.height}x${STUDIO_GEOMETRY.historyFrames}`;
  const place =
    referenceFrame === "first-history"
      ? `:first-${anchor}`
      : anchor === STUDIO_GEOMETRY.anchor
        ? ""
        : `:${anchor}`;
  return size === own ? place : `${place}:${size}`;
}

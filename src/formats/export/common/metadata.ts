import type { ExportJob, Sidecar } from "./format.ts";
import { HIDDEN_SENTINEL } from "./pixel-edge.ts";

/**
 * `.meta.json` beside a coordinates file: what a person may want to know of it, and no consumer reads.
 * `extra` stands before what all such files say.
 */
export function metadataSidecar(
  format: string,
  { prepared, document }: ExportJob,
  extra: Record<string, unknown> = {},
): Sidecar {
  const { segment, futureIndex, size, fps, nowFrame, pointIds, dropped, notices } = prepared;
  const note = {
    schema: "foretrack-export",
    version: 1,
    format,
    clip: document.clip.name,
    ...extra,
    layer: segment,
    future: futureIndex === null ? null : futureIndex + 1,
    width: size.width,
    height: size.height,
    fps,
    frames: prepared.tracks.frameCount,
    nowFrame,
    pixelOrigin: "0 = left or top edge of the first pixel",
    hiddenPoint: HIDDEN_SENTINEL,
    points: Array.from(pointIds),
    dropped,
    notices,
  };
  return {
    ending: ".meta.json",
    label: "Notes file",
    text: `${JSON.stringify(note, null, 1)}\n`,
  };
}

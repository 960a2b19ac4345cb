import { WORKING_SIZE } from "../../../domain/studio-defaults.ts";
import type { Tracks } from "../../../domain/tracks.ts";
import type { NpyArray } from "../../containers/npy.ts";
import { documentFromJson } from "../../document/document.ts";
import type { LoadedArrays } from "./types.ts";

/**
 * Our own forecast as arrays: its history, futures and ground truth.
 * @throws FormatError where the document is damaged.
 */
export function loadDocument(value: unknown): LoadedArrays {
  const { forecast } = documentFromJson(value).document;
  const arrays = new Map<string, NpyArray>();
  const add = (name: string, { frameCount, pointCount, tracksTN2, visibilityTN }: Tracks) => {
    arrays.set(name, { shape: [frameCount, pointCount, 2], dtype: "float32", data: tracksTN2 });
    arrays.set(`${name} visible`, {
      shape: [frameCount, pointCount],
      dtype: "bool",
      data: visibilityTN,
    });
  };
  add("history", forecast.history);
  forecast.futures.forEach((future, k) => {
    add(`future ${k + 1}`, future.tracks);
  });
  if (forecast.truth) add("truth", forecast.truth);
  return {
    container: "json",
    arrays,
    refused: [],
    hints: {
      kind: "forecast",
      looksLike: "a Foretrack forecast",
      tracks: "history",
      axes: "TNC",
      units: "px",
      origin: "pixel-centre",
      sourceSize: WORKING_SIZE,
      visibility: { array: "history visible", meaning: "visible", threshold: 0.5 },
      fps: forecast.fps,
      now: { frame: forecast.history.frameCount - 1, secs: forecast.nowSecs },
    },
  };
}

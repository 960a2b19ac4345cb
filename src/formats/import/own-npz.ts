import { WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import { flagsNamedLike } from "./common/companions.ts";
import type { LoadedArrays, LoadHints } from "./common/types.ts";

/**
 * `forecast.npz` and the files of `npm run tracks` name their axes: [T,N,2] videoPx, the last frame of
 * the past is "now". Nothing of other files.
 */
export function ownNpzHints(arrays: LoadedArrays["arrays"]): LoadHints {
  const tracks = "history_tracks_tn2";
  const history = arrays.get(tracks);
  const visibility = flagsNamedLike(tracks, arrays);
  if (history?.shape.length !== 3 || !visibility) return {};
  const secs = arrays.get("now_secs")?.data;
  return {
    looksLike: "Foretrack tracks",
    tracks,
    axes: "TNC",
    units: "px",
    origin: "pixel-centre",
    sourceSize: { width: WORKING_WIDTH, height: WORKING_HEIGHT },
    visibility,
    ...(secs?.length === 1 && secs[0] >= 0
      ? { now: { frame: history.shape[0] - 1, secs: secs[0] } }
      : {}),
  };
}

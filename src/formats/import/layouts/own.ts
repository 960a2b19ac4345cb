import { WORKING_SIZE } from "../../../domain/studio-defaults.ts";
import { flagsNamedLike } from "../common/companions.ts";
import type { Layout } from "./layout.ts";

/**
 * `forecast.npz` and the files of `npm run tracks` name their axes: [T,N,2] videoPx, the last frame of
 * the history is "now".
 */
export const own: Layout = {
  recognise({ arrays }) {
    const tracks = "history_tracks_tn2";
    const history = arrays.get(tracks);
    const visibility = flagsNamedLike(tracks, arrays);
    if (history?.shape.length !== 3 || !visibility) return null;
    const secs = arrays.get("now_secs")?.data;
    return {
      hints: {
        looksLike: "Foretrack tracks",
        tracks,
        axes: "TNC",
        units: "px",
        origin: "pixel-centre",
        sourceSize: WORKING_SIZE,
        visibility,
        ...(secs?.length === 1 && secs[0] >= 0
          ? { now: { frame: history.shape[0] - 1, secs: secs[0] } }
          : {}),
      },
    };
  },
};

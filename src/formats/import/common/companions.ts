import type { NpyArray } from "../../containers/npy.ts";
import type {
  LoadedArrays,
  QueryChoice,
  TrackAxes,
  TrackUnits,
  VisibilityChoice,
} from "./types.ts";
import { flagsFit, viewTracks } from "./view.ts";

const VISIBLE = /^(pred_?)?(vis|visible|visibles|visibility|visibilities|visibs)$/i;
const OCCLUDED = /^(pred_?)?(occ|occluded|occlusion|occlusions)$/i;
const QUERIES = /^(quer(y|ies)|query_points|query_xy|queries_xyt)$/i;

export function proposeVisibility(
  arrays: LoadedArrays["arrays"],
  tracks: NpyArray,
  axes: TrackAxes,
  reasons: string[],
): VisibilityChoice | null {
  for (const [name, array] of arrays) {
    const visible = VISIBLE.test(name);
    if (!visible && !OCCLUDED.test(name)) continue;
    if (!flagsFit(array.shape, tracks.shape, axes)) {
      reasons.push(`“${name}” is left aside: its shape does not fit the tracks.`);
      continue;
    }
    const meaning = visible ? "visible" : "occluded";
    const logits = array.data.some((value) => value < 0);
    reasons.push(
      `“${name}” tells where a point is ${meaning}${logits ? ", as logits: above 0 counts" : ""}.`,
    );
    return { array: name, meaning, threshold: logits ? 0 : 0.5 };
  }
  reasons.push("The file holds no visibility: every position counts as visible.");
  return null;
}

/** The flags that our own files name after their tracks; undefined where there are none. */
export function flagsNamedLike(
  tracks: string,
  arrays: LoadedArrays["arrays"],
): VisibilityChoice | undefined {
  const names = [
    { array: `${tracks} visible`, meaning: "visible" as const },
    { array: `${tracks} occluded`, meaning: "occluded" as const },
    { array: tracks.replace(/_tracks_(k?t)n2$/, "_visibility_$1n"), meaning: "visible" as const },
  ];
  const found = names.find(({ array }) => array !== tracks && arrays.has(array));
  return found && { ...found, threshold: 0.5 };
}

/** The order of a query row is the one under which it meets its own track. */
export function proposeQueries(
  arrays: LoadedArrays["arrays"],
  tracks: NpyArray,
  axes: TrackAxes,
  order: "xy" | "yx",
  trackUnits: TrackUnits,
  reasons: string[],
): QueryChoice | null {
  const view = viewTracks(tracks, axes);
  for (const [name, array] of arrays) {
    if (!QUERIES.test(name)) continue;
    const width = array.shape[array.shape.length - 1];
    if (array.data.length !== view.pointCount * width || (width !== 2 && width !== 3)) {
      reasons.push(`“${name}” is left aside: it does not have one row a point.`);
      continue;
    }
    const units = queryUnits(array, width, trackUnits);
    if (units !== trackUnits)
      reasons.push(`“${name}” is in other units than the tracks: ${units}.`);
    if (width === 2) return { array: name, order: "xy", units };
    const [cx, cy] = order === "xy" ? [0, 1] : [1, 0];
    const miss = (ix: number, iy: number) => {
      let sum = 0;
      for (let n = 0; n < view.pointCount; n++) {
        const row = array.data.subarray(3 * n, 3 * n + 3);
        const t = Math.min(view.frameCount - 1, Math.max(0, Math.round(row[0]) || 0));
        const x = tracks.data[view.index(t, n, cx)];
        const y = tracks.data[view.index(t, n, cy)];
        // Only the direction matters, so queries in other units still tell x from y.
        const cross = Math.abs(x * row[iy] - y * row[ix]);
        if (Number.isFinite(cross)) sum += cross;
      }
      return sum;
    };
    const tyx = miss(2, 1) < miss(1, 2);
    reasons.push(`“${name}” holds (t, ${tyx ? "y, x" : "x, y"}): so it lies on the tracks.`);
    return { array: name, order: tyx ? "tyx" : "txy", units };
  }
  return null;
}

function queryUnits({ data }: NpyArray, width: number, trackUnits: TrackUnits): TrackUnits {
  let max = 0;
  for (let i = 0; i < data.length; i++) {
    if (width === 3 && i % 3 === 0) continue;
    if (data[i] > max) max = data[i];
  }
  if (max <= 2) return "0-1";
  if (trackUnits !== "0-1") return trackUnits;
  return max <= 256 ? "256" : "px";
}

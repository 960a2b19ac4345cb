import type { Fit, Size } from "../../../domain/clip.ts";
import { FormatError } from "../../../domain/errors.ts";
import { WORKING_SIZE } from "../../../domain/studio-defaults.ts";
import { type NpyArray, NUMPY_WAY_OUT } from "../../containers/npy.ts";
import { flagsNamedLike, proposeQueries, proposeVisibility } from "./companions.ts";
import { noteOf } from "./note.ts";
import { isQueries, proposeAxes } from "./propose-axes.ts";
import { proposeOrder, proposeOrigin, proposeSize, proposeUnits } from "./propose-place.ts";
import type {
  ImportChoices,
  LoadedArrays,
  LoadHints,
  TrackAxes,
  TrackInspection,
} from "./types.ts";
import { possibleAxes } from "./view.ts";

/** What is known of the clip that the tracks should belong to. */
export interface ImportClip {
  readonly displaySize: Size;
  readonly fit: Fit;
}

const TAPVID = "TAP-Vid / TAPIR";
const TRACK_NAMES = /^(pred_?)?(tracks?|traj\w*|points?|coords|xy|target_points)$/i;

/**
 * Looks at arrays and proposes how to read them, with the reason of each proposal. Nothing is decided:
 * the user confirms or changes the choices. `chosen` names the array of positions, where the user
 * wants another one than would be proposed.
 * @throws FormatError when no array can be tracks.
 */
export function inspectArrays(
  loaded: LoadedArrays,
  clip?: ImportClip,
  chosen?: string,
): TrackInspection {
  const { arrays } = loaded;
  const candidates = [...arrays.keys()].filter(
    (name) => isTracks(arrays.get(name)) && !loaded.hints.notTracks?.includes(name),
  );
  if (candidates.length === 0) {
    const found = [...arrays].map(([name, { shape }]) => `${name} ${shape.join("×")}`).join(", ");
    throw new FormatError(
      `No array looks like tracks of points over time; found: ${found.slice(0, 300)}`,
      `Tracks have three or more dimensions, one of them 2 for x and y. ${NUMPY_WAY_OUT}`,
    );
  }
  const tracks =
    candidates.find((name) => name === chosen) ??
    loaded.hints.tracks ??
    candidates.find((name) => TRACK_NAMES.test(name)) ??
    largest(candidates, arrays);
  const hints = hintsFor(loaded, tracks);
  const array = arrays.get(tracks) as NpyArray;
  const note = noteOf(tracks, array);
  const reasons: string[] = [...(hints.notes ?? [])];
  const hinted = possibleAxes(array.shape).find((axes) => axes === hints.axes);
  const axes = hinted ?? proposeAxes(arrays, array, reasons);
  const visibility =
    hints.visibility === undefined
      ? proposeVisibility(arrays, array, axes, reasons)
      : hints.visibility;
  const sourceSize =
    hints.sourceSize ??
    proposeSize(arrays, clip?.displaySize, reasons) ??
    clip?.displaySize ??
    WORKING_SIZE;
  const tapvid =
    (visibility?.meaning === "occluded" || hints.looksLike === TAPVID) &&
    loaded.container !== "csv";
  const units = hints.units ?? proposeUnits(note, array, axes, sourceSize, tapvid, reasons);
  const order = proposeOrder(array, axes, units, sourceSize, reasons);
  const origin = hints.origin ?? proposeOrigin(array, axes, units, tapvid, reasons);
  const proposal: ImportChoices = {
    tracks,
    axes,
    order,
    units,
    origin,
    sourceSize,
    fit: clip?.fit ?? "cover",
    visibility,
    queries: proposeQueries(arrays, array, axes, order, units, reasons),
    nonFinite: "hide",
  };
  if (note.nonFinite > 0) {
    reasons.push(
      `${note.nonFinite} values are not numbers, the first at ${note.firstNonFinite}: those points are hidden there.`,
    );
  }
  const fps = hints.fps ?? scalarOf(arrays, "fps");
  return {
    container: loaded.container,
    kind: hints.kind ?? "tracks",
    looksLike: hints.looksLike ?? recognise(arrays, axes, array),
    arrays: [...arrays].map(([name, each]) => (name === tracks ? note : noteOf(name, each))),
    refused: loaded.refused,
    proposal,
    reasons,
    possible: {
      tracks: candidates,
      axes: possibleAxes(array.shape),
      visibility: [...arrays.keys()].filter((name) => name !== tracks),
      queries: [...arrays.keys()].filter((name) => isQueries(arrays.get(name))),
    },
    ...(fps !== undefined && fps > 0 && fps <= 1000 ? { fps } : {}),
    ...(hints.now ? { now: hints.now } : {}),
  };
}

/** What the container says of one array: "now" and the flags are those of the array it names. */
function hintsFor({ arrays, hints }: LoadedArrays, tracks: string): LoadHints {
  if (hints.tracks === undefined || hints.tracks === tracks) return hints;
  const { now: _now, visibility: _visibility, ...shared } = hints;
  const visibility = flagsNamedLike(tracks, arrays);
  return visibility ? { ...shared, visibility } : shared;
}

function isTracks(array: NpyArray | undefined): boolean {
  return array !== undefined && array.dtype !== "bool" && possibleAxes(array.shape).length > 0;
}

function largest(names: readonly string[], arrays: LoadedArrays["arrays"]): string {
  const size = (name: string) => arrays.get(name)?.data.length ?? 0;
  return names.reduce((best, name) => (size(name) > size(best) ? name : best));
}

function scalarOf(arrays: LoadedArrays["arrays"], name: string): number | undefined {
  const data = arrays.get(name)?.data;
  return data?.length === 1 ? data[0] : undefined;
}

function recognise(arrays: LoadedArrays["arrays"], axes: TrackAxes, { shape }: NpyArray): string {
  if (axes.endsWith("HW")) return "AllTracker (dense)";
  if (arrays.has("occluded")) return TAPVID;
  if (axes === "NTC" && (arrays.has("query_xy") || arrays.has("trajectory")))
    return "TrajLoom data";
  if (shape[shape.length - 1] === 3) return "SpatialTracker (its depth is left aside)";
  if (axes.startsWith("B")) return "CoTracker";
  return "tracks";
}

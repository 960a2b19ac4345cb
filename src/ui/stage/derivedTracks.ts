import type { Tracks } from "../../domain/tracks.ts";
import { simpleEnsemble } from "../../engine/scenario/ensemble.ts";
import { isShown } from "../../viewport/layers/list.ts";
import type { OverlaySettings } from "../../viewport/layers/settings.ts";

/** Seeds of the simple ensemble: as many as make its spread visible. */
const ENSEMBLE_SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

/** What the engine computes for an overlay, by its id, from a history. */
const DERIVED: Readonly<Record<string, (history: Tracks) => readonly Tracks[]>> = {
  ensemble: (history) => simpleEnsemble(history, ENSEMBLE_SEEDS).map((future) => future.tracks),
};

/** Kept as long as their history lives. */
const computed = new WeakMap<Tracks, Map<string, readonly Tracks[]>>();

/** The tracks of those overlays that are shown; each is computed once a history. */
export function derivedTracks(
  history: Tracks,
  settings: OverlaySettings,
): Readonly<Record<string, readonly Tracks[]>> {
  const known = computed.get(history) ?? new Map<string, readonly Tracks[]>();
  computed.set(history, known);
  const shown: Record<string, readonly Tracks[]> = {};
  for (const [id, compute] of Object.entries(DERIVED)) {
    if (!isShown(settings, id)) continue;
    const tracks = known.get(id) ?? compute(history);
    known.set(id, tracks);
    shown[id] = tracks;
  }
  return shown;
}

/** Whether two settings show the same of what is computed. */
export function sameDerived(a: OverlaySettings, b: OverlaySettings): boolean {
  return Object.keys(DERIVED).every((id) => isShown(a, id) === isShown(b, id));
}

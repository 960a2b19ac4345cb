import { isOnGrid } from "../../domain/grid.ts";
import { bulk } from "../../store/bulk.ts";
import type { StudioState } from "../../store/studio.ts";
import { selectDocument, selectView, useStudio } from "../../store/studio.ts";
import styles from "./view.module.css";

/** Says why the heat map that is asked for cannot be shown. */
export function HeatHint() {
  const gap = useStudio(heatGap);
  return gap && <p className={styles.hint}>{gap}</p>;
}

/** What the heat map lacks, in words; null where it is shown, not asked for, or has no forecast yet. */
export function heatGap(state: StudioState): string | null {
  const { heat } = selectView(state);
  const { origin, slots } = selectDocument(state);
  const past = origin && bulk.histories.get(origin.historyId);
  if (heat === "none" || !past) return null;
  if (!isOnGrid(past.queryXyN2)) {
    return past.referenceFrame === "first-history"
      ? "No heat map: this model’s points start on the grid in the first past frame and have left it by “now”."
      : "No heat map: these points do not lie on the grid at “now”.";
  }
  const shown = slots.filter(({ futureId, hidden }) => futureId && !hidden).length;
  if (heat === "spread" && shown < 2) return "No heat map: a spread takes two futures.";
  if (heat === "difference" && !bulk.truths.has(origin.historyId)) {
    return "No heat map: what really happened is not known.";
  }
  return null;
}

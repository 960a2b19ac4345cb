import { GRID_COLUMNS } from "../../domain/grid.ts";
import { selectDocument, studio } from "../../store/studio.ts";
import type { Hover } from "./hover.ts";
import styles from "./stage.module.css";

const LAYER_WORDS = { past: "Past", truth: "What really happened", ensemble: "Simple ensemble" };

export function HoverTip({ hover: { pick, x, y } }: { readonly hover: Hover }) {
  const slot = selectDocument(studio()).slots[pick.slot ?? -1];
  const what =
    pick.layer === "future"
      ? `Future ${slot?.id ?? (pick.slot ?? 0) + 1}`
      : LAYER_WORDS[pick.layer];
  const row = Math.floor(pick.point / GRID_COLUMNS) + 1;
  const column = (pick.point % GRID_COLUMNS) + 1;
  return (
    <div className={styles.tip} style={{ left: x, top: y }}>
      <strong>{what}</strong>
      {pick.layer === "future" && slot ? `, seed ${slot.seed}` : ""}
      <br />
      row {row}, column {column}
    </div>
  );
}

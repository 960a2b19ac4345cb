import { GRID_COLUMNS } from "../../domain/grid.ts";
import { selectDocument, useStudioObject } from "../../store/studio.ts";
import { OVERLAYS } from "../../viewport/layers/list.ts";
import type { Hover } from "./hover.ts";
import styles from "./stage.module.css";

export function HoverTip({ hover: { pick, x, y } }: { readonly hover: Hover }) {
  const studio = useStudioObject();
  const slot = selectDocument(studio.state).slots[pick.slot ?? -1];
  const overlay = OVERLAYS.find(({ id }) => id === pick.layer);
  const what = pick.slot === null ? overlay?.label : `Future ${slot?.id ?? pick.slot + 1}`;
  const row = Math.floor(pick.point / GRID_COLUMNS) + 1;
  const column = (pick.point % GRID_COLUMNS) + 1;
  return (
    <div className={styles.tip} style={{ left: x, top: y }}>
      <strong>{what}</strong>
      {slot ? `, seed ${slot.seed}` : ""}
      <br />
      row {row}, column {column}
    </div>
  );
}

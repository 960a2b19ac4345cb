import { useState } from "react";
import { selectView, useStudio } from "../../store/studio.ts";
import controls from "../controls/controls.module.css";
import { pickedPoints, pickedText } from "./picked.ts";
import styles from "./view.module.css";

/** The points that are picked out, to read and to type: what a click on the stage does too. */
export function PickedField() {
  const points = useStudio((s) => selectView(s).selectedPoints);
  const setView = useStudio((s) => s.setView);
  /** Null while the field shows what is picked. */
  const [typed, setTyped] = useState<string | null>(null);
  const wanted = typed === null ? points : pickedPoints(typed);
  const apply = () => {
    if (wanted === null || typed === null) return;
    setView({ selectedPoints: wanted });
    setTyped(null);
  };
  return (
    <label className={controls.field}>
      <span className={controls.label}>Picked</span>
      <input
        type="text"
        className={`${controls.number} ${styles.picked}`}
        aria-label="Picked points, row-column"
        aria-invalid={wanted === null}
        title="Rows and columns of points, from 1: 4-7, 5-7. A click on the stage picks too."
        placeholder="all (row-column, …)"
        value={typed ?? pickedText(points)}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={apply}
        onKeyDown={(event) => event.key === "Enter" && apply()}
      />
    </label>
  );
}

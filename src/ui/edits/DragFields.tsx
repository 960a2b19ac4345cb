import { type DragEdit, dragDisplacement, dragTo } from "../../domain/edits/drag.ts";
import { putEdit, selectEditScene } from "../../store/actions/edits.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import styles from "./edits.module.css";
import { NumberCell } from "./NumberCell.tsx";
import { SpanCells } from "./SpanCells.tsx";

const FAR_PX = 10_000;
const RADIUS_PX = { min: 2, max: 1000, step: 1 };

/** A drag in numbers: when, how large, how far, and whether it keeps the hand's timing. */
export function DragFields({ edit }: { readonly edit: DragEdit }) {
  const studio = useStudioObject();
  const frameCount = useStudio((s) => selectEditScene(s, studio)?.frameCount ?? edit.frames[1] + 1);
  const change = (field: string, next: DragEdit) =>
    putEdit(studio, next, `edit:${edit.id}:${field}`);
  const [dx, dy] = dragDisplacement(edit);
  const range = { min: -FAR_PX, max: FAR_PX, step: 1 };
  const named = (label: string) => `${label}, ${edit.name}`;
  return (
    <div className={styles.fields}>
      <SpanCells
        edit={edit}
        frameCount={frameCount}
        onChange={(field, frames) => change(field, { ...edit, frames })}
      />
      <NumberCell
        {...RADIUS_PX}
        label={named("Radius")}
        value={edit.radius}
        onChange={(radius) => change("radius", { ...edit, radius })}
      />
      <NumberCell
        {...range}
        label={named("Right")}
        value={dx}
        onChange={(right) => change("right", dragTo(edit, [right, dy]))}
      />
      <NumberCell
        {...range}
        label={named("Down")}
        value={dy}
        onChange={(down) => change("down", dragTo(edit, [dx, down]))}
      />
      <label className={styles.cell}>
        <input
          type="checkbox"
          aria-label={named("Even speed")}
          checked={edit.timing === "even"}
          onChange={({ currentTarget }) =>
            change("timing", { ...edit, timing: currentTarget.checked ? "even" : "drawn" })
          }
        />
        <span aria-hidden="true">even</span>
      </label>
    </div>
  );
}

import type { PinEdit } from "../../domain/edits/pin.ts";
import { putEdit, selectEditScene } from "../../store/actions/edits.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import { pickedText } from "../view/picked.ts";
import styles from "./edits.module.css";
import { NumberCell } from "./NumberCell.tsx";
import { SpanCells } from "./SpanCells.tsx";

const FAR_PX = 10_000;

/** Where and when a pin holds its point: as a drag on the stage says it, in numbers. */
export function PinFields({ edit }: { readonly edit: PinEdit }) {
  const studio = useStudioObject();
  const frameCount = useStudio((s) => selectEditScene(s, studio)?.frameCount ?? edit.frames[1] + 1);
  const [first, last] = edit.frames;
  const [x, y] = edit.at ?? [Number.NaN, Number.NaN];
  const change = (field: string, part: Partial<PinEdit>) =>
    putEdit(studio, { ...edit, ...part }, `edit:${edit.id}:${field}`);
  const names = { frame: `Frame, ${edit.name}`, x: `x, ${edit.name}`, y: `y, ${edit.name}` };
  const range = { min: -FAR_PX, max: FAR_PX, step: 1 };
  return (
    <div className={styles.fields}>
      <span className={styles.points} title="Row and column of its point">
        {edit.points.length > 8 ? `${edit.points.length} points` : pickedText(edit.points)}
      </span>
      {edit.at ? (
        <NumberCell
          label={names.frame}
          value={first + 1}
          min={1}
          max={frameCount}
          step={1}
          onChange={(frame) => {
            const start = Math.round(frame) - 1;
            change("frame", { frames: [start, Math.min(start + last - first, frameCount - 1)] });
          }}
        />
      ) : (
        <SpanCells
          edit={edit}
          frameCount={frameCount}
          onChange={(field, frames) => change(field, { frames })}
        />
      )}
      {edit.at && (
        <>
          <NumberCell
            {...range}
            label={names.x}
            value={x}
            onChange={(next) => change("x", { at: [next, y] })}
          />
          <NumberCell
            {...range}
            label={names.y}
            value={y}
            onChange={(next) => change("y", { at: [x, next] })}
          />
        </>
      )}
    </div>
  );
}

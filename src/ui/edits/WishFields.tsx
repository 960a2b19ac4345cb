import { WISH_LABELS, type WishEdit, type WishWants } from "../../domain/edits/wish.ts";
import { putEdit, selectEditScene } from "../../store/actions/edits.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import controls from "../controls/controls.module.css";
import { BoxCells } from "./BoxCells.tsx";
import styles from "./edits.module.css";
import { NumberCell } from "./NumberCell.tsx";
import { SpanCells } from "./SpanCells.tsx";

/** What is wished of which points, where and when. */
export function WishFields({ edit }: { readonly edit: WishEdit }) {
  const studio = useStudioObject();
  const frameCount = useStudio((s) => selectEditScene(s, studio)?.frameCount ?? edit.frames[1] + 1);
  const change = (field: string, part: Partial<WishEdit>) =>
    putEdit(studio, { ...edit, ...part }, `edit:${edit.id}:${field}`);
  const named = (label: string) => `${label}, ${edit.name}`;
  const { points, strength } = edit;
  return (
    <div className={styles.fields}>
      <span className={styles.points}>
        {points.length === 1 ? "1 point" : `${points.length} points`}
      </span>
      <select
        className={controls.select}
        aria-label={named("What is wished")}
        value={edit.wants}
        onChange={({ currentTarget: { value } }) => change("wants", { wants: value as WishWants })}
      >
        {Object.entries(WISH_LABELS).map(([wants, label]) => (
          <option key={wants} value={wants}>
            {label}
          </option>
        ))}
      </select>
      <SpanCells
        edit={edit}
        frameCount={frameCount}
        onChange={(field, frames) => change(field, { frames })}
      />
      <BoxCells name={edit.name} box={edit.box} onChange={(box) => change("box", { box })} />
      <NumberCell
        {...{ min: 0.1, max: 1000, step: 1 }}
        label={named("Within")}
        named={`A miss that counts for little, px, ${edit.name}`}
        value={strength === "exact" ? 1 : strength}
        onChange={(px) => change("strength", { strength: px })}
      />
    </div>
  );
}

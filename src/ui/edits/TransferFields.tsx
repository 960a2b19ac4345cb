import type { TransferEdit } from "../../domain/edits/transfer.ts";
import { putEdit, selectEditScene } from "../../store/actions/edits.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import controls from "../controls/controls.module.css";
import { BoxCells } from "./BoxCells.tsx";
import styles from "./edits.module.css";
import { NumberCell } from "./NumberCell.tsx";
import { PairCells } from "./PairCells.tsx";
import { SpanCells } from "./SpanCells.tsx";

const ENDS = {
  free: "then free",
  hold: "then held",
  again: "then again",
  back: "then backwards",
} as const;

/** Whose motion goes where, how large and how fast. */
export function TransferFields({ edit }: { readonly edit: TransferEdit }) {
  const studio = useStudioObject();
  const frameCount = useStudio((s) => selectEditScene(s, studio)?.frameCount ?? edit.frames[1] + 1);
  const change = (field: string, part: Partial<TransferEdit>) =>
    putEdit(studio, { ...edit, ...part }, `edit:${edit.id}:${field}`);
  const named = (label: string) => `${label}, ${edit.name}`;
  const { toBox } = edit;
  return (
    <div className={styles.fields}>
      <span className={styles.points} title={`${edit.motion.pathsNM.length} tracks`}>
        {edit.motion.from}
      </span>
      <SpanCells
        edit={edit}
        frameCount={frameCount}
        onChange={(field, frames) => change(field, { frames })}
      />
      <NumberCell
        {...{ min: -100, max: 100, step: 0.1 }}
        label={named("Gain")}
        value={edit.gain}
        onChange={(gain) => change("gain", { gain })}
      />
      <NumberCell
        {...{ min: 0.05, max: 100, step: 0.1 }}
        label={named("Speed")}
        value={edit.speed}
        onChange={(speed) => change("speed", { speed })}
      />
      {edit.place === "box" && toBox && (
        <BoxCells name={edit.name} box={toBox} onChange={(box) => change("box", { toBox: box })} />
      )}
      {edit.place === "pairs" && edit.pairs && (
        <PairCells
          name={edit.name}
          pairs={edit.pairs}
          fewest={1}
          onChange={(pairs, of) => change(of, { pairs: pairs.map(([a, b, c, d]) => [a, b, c, d]) })}
        />
      )}
      <select
        className={controls.select}
        aria-label={named("After its end")}
        value={edit.ends}
        onChange={({ currentTarget: { value } }) =>
          change("ends", { ends: value as TransferEdit["ends"] })
        }
      >
        {Object.entries(ENDS).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <label className={styles.cell} title="What its camera did is part of the motion">
        <input
          type="checkbox"
          aria-label={named("With its camera")}
          checked={edit.camera}
          onChange={({ currentTarget: { checked } }) =>
            change("camera", { camera: checked, space: checked ? "screen" : "scene" })
          }
        />
        <span aria-hidden="true">its camera</span>
      </label>
    </div>
  );
}

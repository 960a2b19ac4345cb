import { BODY_LABELS, type BodyEdit, type BodyShape } from "../../domain/edits/body.ts";
import { putEdit, selectEditScene } from "../../store/actions/edits.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import controls from "../controls/controls.module.css";
import styles from "./edits.module.css";
import { NumberCell } from "./NumberCell.tsx";
import { SpanCells } from "./SpanCells.tsx";

const FAR_PX = 10_000;

/** A body in numbers: its shape and size, how the hand turns it, and how far it goes. */
export function BodyFields({ edit }: { readonly edit: BodyEdit }) {
  const studio = useStudioObject();
  const frameCount = useStudio((s) => selectEditScene(s, studio)?.frameCount ?? edit.frames[1] + 1);
  const change = (field: string, part: Partial<BodyEdit>) =>
    putEdit(studio, { ...edit, ...part }, `edit:${edit.id}:${field}`);
  const named = (label: string) => `${label}, ${edit.name}`;
  const [width, height] = edit.radii;
  const [carryX, carryY] = edit.carry ?? [0, 0];
  const [startX, startY] = edit.samples[0];
  const [endX, endY] = edit.samples[edit.samples.length - 1];
  const size = { min: 4, max: 2000, step: 1 };
  const way = { min: -FAR_PX, max: FAR_PX, step: 1 };
  /** Two places say the same as a hand that went straight. */
  const turned = (x: number, y: number): Partial<BodyEdit> => ({
    samples: [
      [startX, startY, 0],
      [startX + x, startY + y, 1000],
    ],
  });
  return (
    <div className={styles.fields}>
      <select
        className={controls.select}
        aria-label={named("Shape")}
        value={edit.shape}
        onChange={({ currentTarget }) =>
          change("shape", { shape: currentTarget.value as BodyShape })
        }
      >
        {Object.entries(BODY_LABELS).map(([shape, label]) => (
          <option key={shape} value={shape}>
            {label}
          </option>
        ))}
      </select>
      <SpanCells
        edit={edit}
        frameCount={frameCount}
        onChange={(field, frames) => change(field, { frames })}
      />
      <NumberCell
        {...size}
        label={named("Half width")}
        value={width}
        onChange={(value) => change("width", { radii: [value, height] })}
      />
      <NumberCell
        {...size}
        label={named("Half height")}
        value={height}
        onChange={(value) => change("height", { radii: [width, value] })}
      />
      {edit.shape !== "card" && (
        <>
          <NumberCell
            {...way}
            label={named("Turn right")}
            value={endX - startX}
            onChange={(value) => change("turn", turned(value, endY - startY))}
          />
          <NumberCell
            {...way}
            label={named("Turn down")}
            value={endY - startY}
            onChange={(value) => change("turn", turned(endX - startX, value))}
          />
          <label className={styles.cell} title="On and on, instead of back with the hand">
            <input
              type="checkbox"
              aria-label={named("Rolling")}
              checked={edit.turning === "rolling"}
              onChange={({ currentTarget }) =>
                change("turning", { turning: currentTarget.checked ? "rolling" : "absolute" })
              }
            />
            <span aria-hidden="true">rolling</span>
          </label>
        </>
      )}
      <NumberCell
        {...way}
        label={named("Carry right")}
        value={carryX}
        onChange={(value) => change("carry", { carry: [value, carryY] })}
      />
      <NumberCell
        {...way}
        label={named("Carry down")}
        value={carryY}
        onChange={(value) => change("carry", { carry: [carryX, value] })}
      />
    </div>
  );
}

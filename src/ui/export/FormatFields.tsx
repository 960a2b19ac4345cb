import { GRID_COLUMNS, GRID_ROWS, POINT_COUNT } from "../../domain/grid.ts";
import { useStudio } from "../../store/studio.ts";
import controls from "../controls/controls.module.css";
import { pointsAtStride } from "./choice.ts";
import styles from "./export.module.css";
import { OptionField, type OptionFieldProps } from "./OptionField.tsx";

/** The options that the format declares, and which points. */
export function FormatFields(props: Omit<OptionFieldProps, "option"> & CellsProps) {
  return (
    <div className={styles.fields}>
      {props.format.options.map((option) => (
        <OptionField
          key={option.kind === "choice" ? option.id : option.kind}
          option={option}
          {...props}
        />
      ))}
      {props.factors.length > 0 && <CellsField {...props} />}
      <PointsField {...props} />
    </div>
  );
}

interface CellsProps {
  /** Finer cells that the futures have. */
  readonly factors: readonly number[];
  /** The ones that are written; 1 = the grid. */
  readonly finer: number;
}

function CellsField({ factors, finer, choose }: CellsProps & Pick<OptionFieldProps, "choose">) {
  return (
    <label title="Finer cells follow the edges in the picture. What really followed and the edits are of the grid’s points and are not written with them">
      Cells
      <select
        className={controls.select}
        value={finer}
        onChange={(event) => choose({ finer: Number(event.currentTarget.value) })}
      >
        {[1, ...factors].map((factor) => (
          <option key={factor} value={factor}>
            {`${factor * GRID_ROWS} × ${factor * GRID_COLUMNS}`}
          </option>
        ))}
      </select>
    </label>
  );
}

function PointsField({
  choice,
  choose,
  finer,
}: Pick<OptionFieldProps, "choice" | "choose"> & Pick<CellsProps, "finer">) {
  const each = finer * finer;
  const selected = useStudio((s) => s.view.selectedPoints.length);
  const onlySelected = choice.onlySelected && selected > 0;
  return (
    <label title="Click points on the stage to select them, with Shift to add more">
      Points
      <select
        className={controls.select}
        value={onlySelected ? "selected" : choice.stride}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (value === "selected") choose({ onlySelected: true });
          else choose({ onlySelected: false, stride: Number(value) });
        }}
      >
        {[1, 2, 3, 4, 6].map((stride) => (
          <option key={stride} value={stride}>
            {stride === 1
              ? `All ${POINT_COUNT * each}`
              : `${pointsAtStride(stride).length * each} of ${POINT_COUNT * each}`}
          </option>
        ))}
        <option value="selected" disabled={selected === 0}>
          {selected === 0 ? "Selected: none" : `Selected: ${selected * each}`}
        </option>
      </select>
    </label>
  );
}

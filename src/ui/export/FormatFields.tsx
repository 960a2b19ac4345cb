import { POINT_COUNT } from "../../domain/grid.ts";
import { useStudio } from "../../store/studio.ts";
import controls from "../controls/controls.module.css";
import { pointsAtStride } from "./choice.ts";
import styles from "./export.module.css";
import { OptionField, type OptionFieldProps } from "./OptionField.tsx";

/** The options that the format declares, and which points. */
export function FormatFields(props: Omit<OptionFieldProps, "option">) {
  return (
    <div className={styles.fields}>
      {props.format.options.map((option) => (
        <OptionField
          key={option.kind === "choice" ? option.id : option.kind}
          option={option}
          {...props}
        />
      ))}
      <PointsField choice={props.choice} choose={props.choose} />
    </div>
  );
}

function PointsField({ choice, choose }: Pick<OptionFieldProps, "choice" | "choose">) {
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
              ? `All ${POINT_COUNT}`
              : `${pointsAtStride(stride).length} of ${POINT_COUNT}`}
          </option>
        ))}
        <option value="selected" disabled={selected === 0}>
          {selected === 0 ? "Selected: none" : `Selected: ${selected}`}
        </option>
      </select>
    </label>
  );
}

import { useState } from "react";
import controls from "../controls/controls.module.css";
import styles from "./edits.module.css";

interface Props {
  /** What stands before the number: up to its first comma. */
  readonly label: string;
  /** Accessible name, where it says more than the label. */
  readonly named?: string;
  /** Shown of the number. */
  readonly decimals?: number;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
}

/** A number of an edit. What is no number while it is being typed changes nothing. */
export function NumberCell(props: Props) {
  const { label, named = label, decimals = 1, value, min, max, step, onChange } = props;
  /** Null while the field shows the value. */
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <label className={styles.cell}>
      <span aria-hidden="true">{label.split(",")[0]}</span>
      <input
        type="number"
        className={controls.number}
        aria-label={named}
        value={typed ?? Number(value.toFixed(decimals))}
        min={min}
        max={max}
        step={step}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          const next = Number(text);
          if (text.trim() !== "" && next >= min && next <= max) onChange(next);
        }}
        onBlur={() => setTyped(null)}
      />
    </label>
  );
}

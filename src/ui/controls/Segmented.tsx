import { useId } from "react";
import styles from "./controls.module.css";

interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly disabled?: boolean;
  readonly title?: string;
}

interface Props<T extends string> {
  readonly legend: string;
  readonly options: readonly Option<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly stretch?: boolean;
}

/** A choice of a few, all in view: radio buttons under the skin. */
export function Segmented<T extends string>(props: Props<T>) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={props.legend}
      className={`${styles.segmented} ${props.stretch ? styles.stretch : ""}`}
    >
      {props.options.map((option) => (
        <label key={option.value} className={styles.segment} title={option.title}>
          <input
            type="radio"
            name={name}
            checked={option.value === props.value}
            disabled={option.disabled ?? false}
            onChange={() => props.onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}

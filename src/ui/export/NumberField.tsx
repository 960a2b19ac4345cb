import { useId } from "react";
import controls from "../controls/controls.module.css";

interface Props {
  readonly label: string;
  /** Shown while nothing is typed: what is then used. */
  readonly placeholder: string;
  readonly value: string;
  /** Numbers to choose from; others can be typed. */
  readonly proposed?: readonly number[] | undefined;
  readonly onChange: (value: string) => void;
}

export function NumberField({ label, placeholder, value, proposed = [], onChange }: Props) {
  const listId = useId();
  return (
    <label>
      {label}
      <input
        type="number"
        min={1}
        step="any"
        className={controls.number}
        placeholder={placeholder}
        value={value}
        list={proposed.length > 0 ? listId : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {proposed.length > 0 && (
        <datalist id={listId}>
          {proposed.map((number) => (
            <option key={number} value={number} />
          ))}
        </datalist>
      )}
    </label>
  );
}

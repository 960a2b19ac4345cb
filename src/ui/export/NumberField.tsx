import controls from "../controls/controls.module.css";

interface Props {
  readonly label: string;
  /** Shown while nothing is typed: what is then used. */
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function NumberField({ label, placeholder, value, onChange }: Props) {
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
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}

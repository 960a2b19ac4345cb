import type { ComponentProps, ReactNode } from "react";
import styles from "./controls.module.css";
import { Segmented } from "./Segmented.tsx";

interface FieldProps {
  readonly label: string;
  readonly title?: string;
  readonly children: ReactNode;
}

/** A row of a panel: a label and its control, which has an accessible name of its own. */
export function Field({ label, title, children }: FieldProps) {
  return (
    <div className={styles.field}>
      <span className={styles.label} title={title}>
        {label}
      </span>
      {children}
    </div>
  );
}

type SegmentedFieldProps<T extends string> = ComponentProps<typeof Segmented<T>> & {
  readonly label: string;
};

/** A row whose control is a choice of a few. */
export function SegmentedField<T extends string>({ label, ...choice }: SegmentedFieldProps<T>) {
  return (
    <Field label={label}>
      <Segmented {...choice} />
    </Field>
  );
}

interface SelectFieldProps<T extends string> {
  readonly label: string;
  readonly value: T;
  /** What each value is called. */
  readonly options: Readonly<Partial<Record<T, string>>>;
  readonly onChange: (value: T) => void;
}

/** A row whose control is a choice of many. */
export function SelectField<T extends string>(props: SelectFieldProps<T>) {
  const { label, value, options, onChange } = props;
  return (
    <label className={styles.field}>
      <span className={styles.label}>{label}</span>
      <select
        className={styles.select}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value as T)}
      >
        {Object.entries<string | undefined>(options).map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

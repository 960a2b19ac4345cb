import type { ReactNode } from "react";
import styles from "./controls.module.css";

interface Props {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Panel({ title, aside, children }: Props) {
  return (
    <section className={styles.panel}>
      <div className={styles.panelHead}>
        <h2>{title}</h2>
        <span className={styles.aside}>{aside}</span>
      </div>
      {children}
    </section>
  );
}

interface CheckProps {
  readonly label: string;
  readonly title?: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly swatch?: string;
  readonly onChange: (checked: boolean) => void;
}

export function Check({ label, title, checked, disabled, swatch, onChange }: CheckProps) {
  return (
    <label
      className={styles.check}
      title={title}
      style={swatch ? { "--swatch": swatch } : undefined}
    >
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled ?? false}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}

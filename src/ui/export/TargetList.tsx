import styles from "./export.module.css";
import { TARGET_GROUPS } from "./targets.ts";

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TargetList({ value, onChange }: Props) {
  return (
    <div className={styles.targets} role="radiogroup" aria-label="What to save">
      {TARGET_GROUPS.map(({ title, targets }) => (
        <fieldset key={title} className={styles.group}>
          <legend>{title}</legend>
          {targets.map((target) => (
            <label key={target.name} className={styles.target} title={target.description}>
              <input
                type="radio"
                name="target"
                checked={target.name === value}
                onChange={() => onChange(target.name)}
              />
              <span className={styles.name}>{target.label}</span>
            </label>
          ))}
        </fieldset>
      ))}
    </div>
  );
}

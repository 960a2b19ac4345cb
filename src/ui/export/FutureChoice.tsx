import { futureStyle } from "../../domain/future-style.ts";
import type { Slot } from "../../store/document.ts";
import styles from "./export.module.css";

interface Props {
  readonly slots: readonly Slot[];
  readonly chosen: readonly number[];
  readonly onChange: (ids: number[]) => void;
}

export function FutureChoice({ slots, chosen, onChange }: Props) {
  return (
    <fieldset className={styles.futures}>
      <legend>Which futures</legend>
      {slots.map(({ id, seed }) => (
        <label
          key={id}
          title={`Future ${id}, seed ${seed}`}
          style={{ "--swatch": futureStyle(id - 1).colour }}
        >
          <input
            type="checkbox"
            aria-label={`Future ${id}, seed ${seed}`}
            checked={chosen.includes(id)}
            onChange={(event) =>
              onChange(
                event.currentTarget.checked
                  ? [...chosen, id].sort((a, b) => a - b)
                  : chosen.filter((other) => other !== id),
              )
            }
          />
          <span className={styles.number}>{id}</span>
        </label>
      ))}
    </fieldset>
  );
}

import type { Pair } from "../../domain/edits/placing.ts";
import { Button } from "../controls/Button.tsx";
import styles from "./edits.module.css";
import { NumberCell } from "./NumberCell.tsx";

const FAR_PX = 10_000;
const CELLS = ["From x", "From y", "To x", "To y"] as const;

interface Props {
  readonly pairs: readonly Pair[];
  /** Of the edit; absent while there is none. */
  readonly name?: string;
  /** Fewer than so many cannot be left. */
  readonly fewest?: number;
  /** `of`: what changed, so that numbers typed in one go are one step. */
  onChange(pairs: Pair[], of: string): void;
}

/** Matched points in numbers: places of the source and where they belong, videoPx. */
export function PairCells({ pairs, name, fewest = 0, onChange }: Props) {
  const told = (label: string) => (name ? `${label}, ${name}` : label);
  return (
    <ul aria-label={told("Matched points")} className={styles.pairs}>
      {pairs.map((pair, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a pair is known by its number
        <li key={i}>
          <span className={styles.points}>{i + 1}</span>
          {CELLS.map((cell, k) => (
            <NumberCell
              key={cell}
              {...{ min: -FAR_PX, max: FAR_PX, step: 1, decimals: 0 }}
              label={told(`${cell}, pair ${i + 1}`)}
              value={pair[k]}
              onChange={(value) => {
                const [a, b, c, d] = pair.map((v, at) => (at === k ? value : v));
                const changed = pairs.map((old, at): Pair => (at === i ? [a, b, c, d] : old));
                onChange(changed, `pair${i}:${k}`);
              }}
            />
          ))}
          <Button
            look="quiet"
            disabled={pairs.length <= fewest}
            aria-label={told(`Remove pair ${i + 1}`)}
            onClick={() =>
              onChange(
                pairs.filter((_, at) => at !== i),
                `pair${i}:removed`,
              )
            }
          >
            ×
          </Button>
        </li>
      ))}
    </ul>
  );
}

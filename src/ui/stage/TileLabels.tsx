import { futureStyle } from "../../domain/future-style.ts";
import { WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import { selectDocument, useStudio } from "../../store/studio.ts";
import type { Tile } from "../../viewport/viewport.ts";
import styles from "./stage.module.css";

/** The number of each future over its picture. */
export function TileLabels({ tiles }: { readonly tiles: readonly Tile[] }) {
  const slots = useStudio((s) => selectDocument(s).slots);
  return tiles.map(({ slot, rect }) =>
    slot === null ? null : (
      <span
        key={slot}
        className={styles.tileLabel}
        style={{ ...cornerOf(rect), "--swatch": futureStyle(slot).colour }}
      >
        {slots[slot]?.id ?? slot + 1}
      </span>
    ),
  );
}

/** Inner upper left corner of the picture, which fills its tile in one direction only. */
function cornerOf({ x, y, width, height }: Tile["rect"]): { left: number; top: number } {
  const scale = Math.min(width / WORKING_WIDTH, height / WORKING_HEIGHT);
  return {
    left: x + (width - WORKING_WIDTH * scale) / 2 + 10,
    top: y + (height - WORKING_HEIGHT * scale) / 2 + 10,
  };
}

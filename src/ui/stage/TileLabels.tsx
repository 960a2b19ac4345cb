import { selectDocument, useStudio } from "../../store/studio.ts";
import type { Tile } from "../../viewport/viewport.ts";
import styles from "./stage.module.css";
import { tileNames } from "./tileNames.ts";

/** The number of each future over its picture. */
export function TileLabels({ tiles }: { readonly tiles: readonly Tile[] }) {
  const slots = useStudio((s) => selectDocument(s).slots);
  return tileNames(tiles, slots).map(({ slot, text, colour, left, top }) => (
    <span key={slot} className={styles.tileLabel} style={{ left, top, "--swatch": colour }}>
      {text}
    </span>
  ));
}

import type { Size } from "../../domain/clip.ts";
import { WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import controls from "../controls/controls.module.css";
import { type ExportChoice, sizeOf } from "./choice.ts";
import styles from "./export.module.css";
import { NumberField } from "./NumberField.tsx";

interface Props {
  readonly choice: ExportChoice;
  readonly choose: (part: Partial<ExportChoice>) => void;
  /** Displayed size of the clip. */
  readonly clipSize: Size;
}

/** What generators are usually run at. */
const PRESETS: readonly { readonly size: Size; readonly note: string }[] = [
  { size: { width: 832, height: 480 }, note: "Wan 480p" },
  { size: { width: 480, height: 832 }, note: "Wan 480p, upright" },
  { size: { width: 1280, height: 720 }, note: "Wan 720p" },
  { size: { width: 720, height: 1280 }, note: "Wan 720p, upright" },
  { size: { width: 640, height: 640 }, note: "square" },
];

const text = ({ width, height }: Size) => `${width}×${height}`;

export function SizeFields({ choice, choose, clipSize }: Props) {
  const presets = PRESETS.some(({ size }) => text(size) === text(clipSize))
    ? PRESETS
    : [...PRESETS, { size: clipSize, note: "the clip’s own" }];
  const current = text(sizeOf(choice) ?? PRESETS[0].size);
  const known = presets.some(({ size }) => text(size) === current);
  return (
    <>
      <label>
        Size
        <select
          className={controls.select}
          value={known ? current : ""}
          onChange={(event) => {
            const picked = presets.find(({ size }) => text(size) === event.currentTarget.value);
            if (picked) {
              const { width, height } = picked.size;
              choose({ width: String(width), height: String(height) });
            }
          }}
        >
          {!known && <option value="">as typed</option>}
          {presets.map(({ size, note }) => (
            <option key={text(size)} value={text(size)}>
              {text(size)}, {note}
            </option>
          ))}
        </select>
      </label>
      <div className={styles.sides}>
        <NumberField
          label="Width"
          placeholder={String(WORKING_WIDTH)}
          value={choice.width}
          onChange={(width) => choose({ width })}
        />
        <NumberField
          label="Height"
          placeholder={String(WORKING_HEIGHT)}
          value={choice.height}
          onChange={(height) => choose({ height })}
        />
      </div>
    </>
  );
}

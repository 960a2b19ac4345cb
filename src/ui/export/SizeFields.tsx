import type { Size } from "../../domain/clip.ts";
import type { SizePreset } from "../../formats/export/common/options.ts";
import { WORKING_SIZE } from "../../formats/export/common/place.ts";
import { nearestSize } from "../../formats/export/common/wan.ts";
import controls from "../controls/controls.module.css";
import { type ExportChoice, sizeOf } from "./choice.ts";
import styles from "./export.module.css";
import { NumberField } from "./NumberField.tsx";

interface Props {
  readonly choice: ExportChoice;
  readonly choose: (part: Partial<ExportChoice>) => void;
  /** Displayed size of the clip. */
  readonly clipSize: Size;
  readonly presets: readonly SizePreset[];
  /** What is used while nothing is typed. */
  readonly usual?: Size | undefined;
}

const text = ({ width, height }: Size) => `${width}×${height}`;

export function SizeFields({
  choice,
  choose,
  clipSize,
  presets: known,
  usual = WORKING_SIZE,
}: Props) {
  const presets = withClipSize(known, clipSize);
  const current = text(sizeOf(choice, usual) ?? usual);
  const isPreset = presets.some(({ size }) => text(size) === current);
  return (
    <>
      <label>
        Size
        <select
          className={controls.select}
          value={isPreset ? current : ""}
          onChange={(event) => {
            const picked = presets.find(({ size }) => text(size) === event.currentTarget.value);
            if (picked) {
              const { width, height } = picked.size;
              choose({ width: String(width), height: String(height) });
            }
          }}
        >
          {!isPreset && <option value="">as typed</option>}
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
          placeholder={String(usual.width)}
          value={choice.width}
          onChange={(width) => choose({ width })}
        />
        <NumberField
          label="Height"
          placeholder={String(usual.height)}
          value={choice.height}
          onChange={(height) => choose({ height })}
        />
      </div>
    </>
  );
}

/** The presets, and the clip's own size where they lack it; Wan's sides are multiples of 16. */
function withClipSize(presets: readonly SizePreset[], clipSize: Size): SizePreset[] {
  const own = [
    { size: clipSize, note: "the clip’s own" },
    { size: nearestSize(clipSize, 16), note: "the clip’s own, to multiples of 16" },
  ];
  const all = [...presets, ...own];
  return all.filter((each, k) => all.findIndex(({ size }) => text(size) === text(each.size)) === k);
}

import type { Size } from "../../domain/clip.ts";
import { POINT_COUNT } from "../../domain/grid.ts";
import type { ExportFormatInfo, ExportLayer } from "../../formats/export/common/types.ts";
import { useStudio } from "../../store/studio.ts";
import controls from "../controls/controls.module.css";
import { type ExportChoice, pointsAtStride } from "./choice.ts";
import styles from "./export.module.css";
import { NumberField } from "./NumberField.tsx";
import { SizeFields } from "./SizeFields.tsx";

const LAYERS: Readonly<Record<ExportLayer, string>> = {
  future: "Future, from “now” on",
  past: "Past, up to “now”",
  both: "Past and future",
  truth: "What really happened",
};

interface Props {
  readonly format: ExportFormatInfo;
  readonly hasTruth: boolean;
  readonly clipSize: Size;
  readonly choice: ExportChoice;
  readonly choose: (part: Partial<ExportChoice>) => void;
}

export function FormatFields({ format, hasTruth, clipSize, choice, choose }: Props) {
  const free = (option: ExportFormatInfo["fixed"][number]) => !format.fixed.includes(option);
  return (
    <div className={styles.fields}>
      {free("layer") && (
        <label>
          Layer
          <select
            className={controls.select}
            value={choice.layer || format.defaultLayer}
            onChange={(event) => choose({ layer: event.currentTarget.value as ExportLayer })}
          >
            {(Object.keys(LAYERS) as ExportLayer[]).map((layer) => (
              <option key={layer} value={layer} disabled={layer === "truth" && !hasTruth}>
                {LAYERS[layer]}
              </option>
            ))}
          </select>
        </label>
      )}
      {free("size") && <SizeFields choice={choice} choose={choose} clipSize={clipSize} />}
      {free("fps") && (
        <NumberField
          label="Frames a second"
          placeholder="as is"
          value={choice.fps}
          onChange={(fps) => choose({ fps })}
        />
      )}
      {free("frames") && (
        <NumberField
          label="Frames"
          placeholder={format.defaultFrames ? String(format.defaultFrames) : "all"}
          value={choice.frames}
          onChange={(frames) => choose({ frames })}
        />
      )}
      <PointsField choice={choice} choose={choose} />
    </div>
  );
}

function PointsField({ choice, choose }: Pick<Props, "choice" | "choose">) {
  const selected = useStudio((s) => s.view.selectedPoints.length);
  const onlySelected = choice.onlySelected && selected > 0;
  return (
    <label title="Click points on the stage to select them, with Shift to add more">
      Points
      <select
        className={controls.select}
        value={onlySelected ? "selected" : choice.stride}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (value === "selected") choose({ onlySelected: true });
          else choose({ onlySelected: false, stride: Number(value) });
        }}
      >
        {[1, 2, 3, 4, 6].map((stride) => (
          <option key={stride} value={stride}>
            {stride === 1
              ? `All ${POINT_COUNT}`
              : `${pointsAtStride(stride).length} of ${POINT_COUNT}`}
          </option>
        ))}
        <option value="selected" disabled={selected === 0}>
          {selected === 0 ? "Selected: none" : `Selected: ${selected}`}
        </option>
      </select>
    </label>
  );
}

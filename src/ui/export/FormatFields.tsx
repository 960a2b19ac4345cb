import type { ExportFormatInfo, ExportLayer } from "../../formats/export-types.ts";
import controls from "../controls/controls.module.css";
import type { ExportChoice } from "./choice.ts";
import { pointsAtStride } from "./choice.ts";
import styles from "./export.module.css";

const LAYERS: Readonly<Record<ExportLayer, string>> = {
  future: "Future, from “now” on",
  past: "Past, up to “now”",
  both: "Past and future",
  truth: "What really happened",
};

interface Props {
  readonly format: ExportFormatInfo;
  readonly hasTruth: boolean;
  readonly choice: ExportChoice;
  readonly choose: (part: Partial<ExportChoice>) => void;
}

export function FormatFields({ format, hasTruth, choice, choose }: Props) {
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
      {free("size") && <SizeFields choice={choice} choose={choose} />}
      {free("fps") && (
        <TextField
          label="Frames a second"
          placeholder="as is"
          value={choice.fps}
          onChange={(fps) => choose({ fps })}
        />
      )}
      {free("frames") && (
        <TextField
          label="Frames"
          placeholder={format.defaultFrames ? String(format.defaultFrames) : "all"}
          value={choice.frames}
          onChange={(frames) => choose({ frames })}
        />
      )}
      <label>
        Points
        <select
          className={controls.select}
          value={choice.stride}
          onChange={(event) => choose({ stride: Number(event.currentTarget.value) })}
        >
          {[1, 2, 3, 4, 6].map((stride) => (
            <option key={stride} value={stride}>
              {stride === 1 ? "All 390" : `${pointsAtStride(stride).length} of 390`}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

export function SizeFields({ choice, choose }: Pick<Props, "choice" | "choose">) {
  return (
    <>
      <TextField
        label="Width"
        placeholder="832"
        value={choice.width}
        onChange={(width) => choose({ width })}
      />
      <TextField
        label="Height"
        placeholder="480"
        value={choice.height}
        onChange={(height) => choose({ height })}
      />
    </>
  );
}

function TextField(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <label>
      {props.label}
      <input
        type="number"
        min={1}
        className={controls.number}
        placeholder={props.placeholder}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      />
    </label>
  );
}

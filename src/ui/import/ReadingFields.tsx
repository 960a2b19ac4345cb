import type { TrackAxes, TrackUnits } from "../../formats/import/common/types.ts";
import controls from "../controls/controls.module.css";
import { Field, SegmentedField, SelectField } from "../controls/Field.tsx";
import styles from "./import.module.css";
import type { ImportState } from "./useImport.ts";
import { VisibilityFields } from "./VisibilityFields.tsx";

const AXES: Readonly<Record<TrackAxes, string>> = {
  TNC: "time, point, coordinate",
  NTC: "point, time, coordinate",
  BTNC: "batch, time, point, coordinate",
  BNTC: "batch, point, time, coordinate",
  TCHW: "time, coordinate, row, column",
  BTCHW: "batch, time, coordinate, row, column",
};

/** How numbers become positions in the picture. */
export function ReadingFields({ state }: { readonly state: ImportState }) {
  const { inspection, choices, choose } = state;
  const { possible } = inspection;
  return (
    <fieldset className={styles.group}>
      <legend>Positions</legend>
      <SelectField
        label="Array"
        value={choices.tracks}
        options={Object.fromEntries(possible.tracks.map((name) => [name, name]))}
        onChange={state.chooseTracks}
      />
      <SelectField
        label="Axes"
        value={choices.axes}
        options={Object.fromEntries(possible.axes.map((axes) => [axes, AXES[axes]]))}
        onChange={(axes) => choose({ axes })}
      />
      <SegmentedField
        label="Order"
        legend="Order of coordinates"
        value={choices.order}
        options={[
          { value: "xy", label: "x, y" },
          { value: "yx", label: "y, x" },
        ]}
        onChange={(order) => choose({ order })}
      />
      <SegmentedField<TrackUnits>
        label="Units"
        legend="Units of coordinates"
        value={choices.units}
        options={[
          { value: "px", label: "pixels" },
          { value: "0-1", label: "0–1" },
          { value: "256", label: "0–256", title: "Pixels of TAP-Vid’s 256×256 square" },
        ]}
        onChange={(units) => choose({ units })}
      />
      <SizeField state={state} />
      <SegmentedField
        label="Zero is the"
        legend="Where zero lies"
        value={choices.origin}
        options={[
          { value: "pixel-centre", label: "first pixel’s centre" },
          { value: "pixel-edge", label: "picture’s edge" },
        ]}
        onChange={(origin) => choose({ origin })}
      />
      <VisibilityFields state={state} />
    </fieldset>
  );
}

function SizeField({ state: { choices, choose } }: { readonly state: ImportState }) {
  const { sourceSize } = choices;
  const side = (name: "width" | "height") => (
    <input
      type="number"
      min={1}
      max={65535}
      className={controls.number}
      aria-label={`Picture ${name}`}
      value={sourceSize[name] || ""}
      onChange={(event) =>
        choose({ sourceSize: { ...sourceSize, [name]: Number(event.currentTarget.value) } })
      }
    />
  );
  return (
    <Field
      label="Picture tracked"
      title="Size of the picture that the tracker saw: the clip’s own, if nothing shrank it"
    >
      <span className={styles.pair}>
        {side("width")} × {side("height")}
      </span>
    </Field>
  );
}

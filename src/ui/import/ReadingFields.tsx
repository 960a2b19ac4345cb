import type { TrackAxes, TrackUnits } from "../../formats/import-types.ts";
import controls from "../controls/controls.module.css";
import { Segmented } from "../controls/Segmented.tsx";
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
      <label className={controls.field}>
        <span className={controls.label}>Array</span>
        <select
          className={controls.select}
          value={choices.tracks}
          onChange={(event) => state.chooseTracks(event.currentTarget.value)}
        >
          {possible.tracks.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label className={controls.field}>
        <span className={controls.label}>Axes</span>
        <select
          className={controls.select}
          value={choices.axes}
          onChange={(event) => choose({ axes: event.currentTarget.value as TrackAxes })}
        >
          {possible.axes.map((axes) => (
            <option key={axes} value={axes}>
              {AXES[axes]}
            </option>
          ))}
        </select>
      </label>
      <div className={controls.field}>
        <span className={controls.label}>Order</span>
        <Segmented
          legend="Order of coordinates"
          value={choices.order}
          options={[
            { value: "xy", label: "x, y" },
            { value: "yx", label: "y, x" },
          ]}
          onChange={(order) => choose({ order })}
        />
      </div>
      <div className={controls.field}>
        <span className={controls.label}>Units</span>
        <Segmented<TrackUnits>
          legend="Units of coordinates"
          value={choices.units}
          options={[
            { value: "px", label: "pixels" },
            { value: "0-1", label: "0–1" },
            { value: "256", label: "0–256", title: "Pixels of TAP-Vid’s 256×256 square" },
          ]}
          onChange={(units) => choose({ units })}
        />
      </div>
      <SizeField state={state} />
      <div className={controls.field}>
        <span className={controls.label}>Zero is the</span>
        <Segmented
          legend="Where zero lies"
          value={choices.origin}
          options={[
            { value: "pixel-centre", label: "first pixel’s centre" },
            { value: "pixel-edge", label: "picture’s edge" },
          ]}
          onChange={(origin) => choose({ origin })}
        />
      </div>
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
    <div className={controls.field}>
      <span
        className={controls.label}
        title="Size of the picture that the tracker saw: the clip’s own, if nothing shrank it"
      >
        Picture tracked
      </span>
      <span className={styles.pair}>
        {side("width")} × {side("height")}
      </span>
    </div>
  );
}

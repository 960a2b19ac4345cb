import type { CameraMode } from "../../domain/camera-view.ts";
import { POINT_COUNT } from "../../domain/grid.ts";
import type { ColourBy, ViewSettings } from "../../store/slices/viewSlice.ts";
import { selectDocument, selectView, useStudio, useStudioObject } from "../../store/studio.ts";
import { drawnPoints } from "../../viewport/drawn-points.ts";
import controls from "../controls/controls.module.css";
import { SegmentedField, SelectField } from "../controls/Field.tsx";
import { Panel } from "../controls/Panel.tsx";
import { Segmented } from "../controls/Segmented.tsx";
import { Legend } from "./Legend.tsx";
import { OverlayChecks, OverlayChoices } from "./OverlayFields.tsx";
import { PickedField } from "./PickedField.tsx";
import styles from "./view.module.css";

export function ViewPanel() {
  const view = useStudio(selectView);
  const setView = useStudio((s) => s.setView);
  return (
    <Panel title="View">
      <Segmented<ColourBy>
        legend="Colour by"
        stretch
        value={view.colourBy}
        options={[
          { value: "future", label: "Future" },
          { value: "direction", label: "Direction" },
          { value: "speed", label: "Speed" },
          { value: "visibility", label: "Visibility" },
        ]}
        onChange={(colourBy) => setView({ colourBy })}
      />
      <Legend colourBy={view.colourBy} />
      <OverlayChecks />
      <DensityField view={view} setView={setView} />
      <PickedField />
      <CameraField value={view.camera} onChange={(camera) => setView({ camera })} />
      <OverlayChoices />
      <SelectField
        label="After “now”"
        value={view.backdrop}
        options={{ clip: "The clip goes on", now: "Hold the “now” frame" }}
        onChange={(backdrop) => setView({ backdrop })}
      />
    </Panel>
  );
}

const STRIDES: readonly number[] = [6, 4, 3, 2, 1];

function DensityField(props: {
  readonly view: ViewSettings;
  readonly setView: (part: Partial<ViewSettings>) => void;
}) {
  const at = STRIDES.indexOf(props.view.stride);
  const shown = drawnPoints(POINT_COUNT, props.view.stride).length;
  return (
    <label className={controls.field}>
      <span className={controls.label}>Points</span>
      <input
        type="range"
        className={`${controls.range} ${styles.density}`}
        min={0}
        max={STRIDES.length - 1}
        value={at}
        aria-valuetext={`${shown} of 390 points`}
        onChange={(e) => props.setView({ stride: STRIDES[Number(e.currentTarget.value)] ?? 1 })}
      />
      <span className={styles.points}>{shown}</span>
    </label>
  );
}

function CameraField(props: {
  readonly value: CameraMode;
  readonly onChange: (value: CameraMode) => void;
}) {
  const studio = useStudioObject();
  const available = useStudio((s) =>
    selectDocument(s).slots.some(
      (slot) => slot.futureId && studio.bulk.futures.get(slot.futureId)?.cameraPathT6,
    ),
  );
  if (!available) return null;
  return (
    <SegmentedField<CameraMode>
      label="Camera"
      legend="Camera"
      value={props.value}
      options={[
        { value: "sampled", label: "Sampled", title: "As the model sampled it" },
        { value: "held", label: "Held", title: "The camera stands still after “now”" },
        {
          value: "followed",
          label: "Followed",
          title: "The view follows the camera: a stabilised picture",
        },
      ]}
      onChange={props.onChange}
    />
  );
}

import type { CameraMode } from "../../domain/camera-view.ts";
import { ENSEMBLE_COLOUR } from "../../domain/data-colours.ts";
import { POINT_COUNT } from "../../domain/grid.ts";
import { bulk } from "../../store/bulk.ts";
import type { ColourBy, ViewSettings } from "../../store/slices/viewSlice.ts";
import { selectDocument, selectView, useStudio } from "../../store/studio.ts";
import { drawnPoints } from "../../viewport/draw-list.ts";
import controls from "../controls/controls.module.css";
import { SegmentedField, SelectField } from "../controls/Field.tsx";
import { Check, Panel } from "../controls/Panel.tsx";
import { Segmented } from "../controls/Segmented.tsx";
import { HeatHint } from "./HeatHint.tsx";
import { Legend } from "./Legend.tsx";
import { PickedField } from "./PickedField.tsx";
import styles from "./view.module.css";

export function ViewPanel() {
  const view = useStudio(selectView);
  const setView = useStudio((s) => s.setView);
  const hasTruth = useStudio((s) => {
    const { origin } = selectDocument(s);
    return s.truthRevision >= 0 && origin !== null && bulk.truths.has(origin.historyId);
  });
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
      <div className={styles.layers}>
        <Check
          label="Past"
          swatch="var(--past)"
          checked={view.showPast}
          onChange={(showPast) => setView({ showPast })}
        />
        <Check
          label="Futures"
          swatch="var(--future)"
          checked={view.showFutures}
          onChange={(showFutures) => setView({ showFutures })}
        />
        <Check
          label="What really happened"
          swatch="var(--truth)"
          checked={view.showTruth && hasTruth}
          disabled={!hasTruth}
          onChange={(showTruth) => setView({ showTruth })}
        />
        <Check
          label="Simple ensemble"
          swatch={ENSEMBLE_COLOUR}
          checked={view.showEnsemble}
          onChange={(showEnsemble) => setView({ showEnsemble })}
        />
      </div>
      <DensityField view={view} setView={setView} />
      <PickedField />
      <CameraField value={view.camera} onChange={(camera) => setView({ camera })} />
      <SelectField
        label="Heat map"
        value={view.heat}
        options={{ none: "None", spread: "Spread of futures", difference: "Distance to truth" }}
        onChange={(heat) => setView({ heat })}
      />
      <HeatHint />
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
  const available = useStudio((s) =>
    selectDocument(s).slots.some(
      (slot) => slot.futureId && bulk.futures.get(slot.futureId)?.cameraPathT6,
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

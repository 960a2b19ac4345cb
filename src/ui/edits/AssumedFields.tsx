import { useId, useState } from "react";
import type { CameraEdit } from "../../domain/edits/camera.ts";
import { moveFacts } from "../../domain/edits/camera-moves.ts";
import { type Assumed, defaultAssumed } from "../../domain/edits/depth.ts";
import {
  assumeByGesture,
  assumedOfParallax,
  openDepthMap,
  selectParallax,
} from "../../store/actions/cameras.ts";
import { showError } from "../../store/actions/notices.ts";
import { subjectAsLayer } from "../../store/actions/subject.ts";
import { selectGeometry, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { FileButton } from "../controls/FileButton.tsx";
import styles from "./edits.module.css";

const DEPTH_WORDS: Readonly<Record<Assumed["depth"]["source"], string>> = {
  ground: "Depth is assumed: flat ground under a horizon.",
  imported: "Depth is from the map that you opened.",
  parallax: "Depth is from how the clip’s own camera moved.",
  guessed: "Depth is guessed from the picture.",
};

/** What a camera assumes of the scene: said in words, and set by sliders that commit at release. */
export function AssumedFields({ edit }: { readonly edit: CameraEdit }) {
  const studio = useStudioObject();
  const parallax = useStudio(selectParallax);
  const { assumed } = edit;
  const { depth, layers } = assumed;
  const { needsDepth } = moveFacts(edit.move);
  const { width, height } = useStudio(selectGeometry);
  const preview = (part: Partial<Assumed>) =>
    studio.state.setPreview({ ...edit, assumed: { ...assumed, ...part } });
  const commit = (part: Partial<Assumed>) => {
    studio.state.setPreview(null);
    void assumeByGesture(studio, part);
  };
  const takeDepth = (file: File) => {
    openDepthMap(studio, file).catch((error: unknown) => showError(studio, error));
  };
  const range = { name: edit.name, onPreview: preview, onCommit: commit };
  return (
    <fieldset
      className={styles.assumed}
      aria-label={`Scene of ${edit.name}`}
      onDrop={(event) => {
        const [file] = event.dataTransfer.files;
        if (!file || !needsDepth) return;
        event.preventDefault();
        takeDepth(file);
      }}
    >
      <p className={styles.hint}>
        {needsDepth ? DEPTH_WORDS[depth.source] : "This move looks the same at every depth."}
      </p>
      {needsDepth && (
        <AssumedRange
          {...range}
          label="Depth ratio"
          title="How many times as far the farthest is as the nearest"
          value={Math.log(assumed.depthRatio)}
          min={Math.log(1.5)}
          max={Math.log(Math.max(20, assumed.depthRatio))}
          step={0.01}
          words={`1 : ${assumed.depthRatio.toFixed(1)}`}
          part={(value) => ({ depthRatio: Math.exp(value) })}
        />
      )}
      <AssumedRange
        {...range}
        label="Field of view"
        title="From the left to the right of the picture"
        value={assumed.fovDegrees}
        min={20}
        max={120}
        step={1}
        words={`${Math.round(assumed.fovDegrees)}°`}
        part={(fovDegrees) => ({ fovDegrees })}
      />
      {needsDepth && depth.source === "ground" && (
        <AssumedRange
          {...range}
          label="Horizon"
          title="Where the ground ends, from the top of the picture"
          value={depth.horizon}
          min={-height}
          max={height}
          step={4}
          words={`${Math.round(depth.horizon)} px`}
          part={(horizon) => ({ depth: { source: "ground", horizon } })}
        />
      )}
      {needsDepth && (
        <div className={styles.actions}>
          <FileButton
            label="Open depth map"
            title="A PNG (8 or 16 bit), npy or npz over the picture of “now”; it can be dropped here, too"
            accept=".png,.npy,.npz"
            onFiles={([file]) => takeDepth(file)}
          />
          {parallax && (
            <Button
              look="quiet"
              title="Depth from how the clip’s own camera moved"
              onClick={() => commit(assumedOfParallax(parallax, { width, height }))}
            >
              From parallax
            </Button>
          )}
          {studio.ports.subject && (
            <Button
              look="quiet"
              title="A guess at what the picture is of stands upright on the ground, as if painted"
              onClick={() => void subjectAsLayer(studio)}
            >
              Subject as layer
            </Button>
          )}
          {depth.source !== "ground" && (
            <Button
              look="quiet"
              title="Flat ground under a horizon"
              onClick={() => {
                const { depth, depthRatio } = defaultAssumed({ width, height });
                commit({ depth, depthRatio });
              }}
            >
              Flat ground
            </Button>
          )}
          {layers.length > 0 && (
            <Button
              look="quiet"
              title="What was painted as standing nearer"
              onClick={() => commit({ layers: layers.slice(0, -1) })}
            >
              {`Remove layer ${layers.length}`}
            </Button>
          )}
        </div>
      )}
      {needsDepth && layers.length === 0 && (
        <p className={styles.hint}>With Shift, the camera tool paints what stands nearer.</p>
      )}
    </fieldset>
  );
}

interface RangeProps {
  readonly label: string;
  readonly title: string;
  /** Of the edit. */
  readonly name: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly words: string;
  readonly part: (value: number) => Partial<Assumed>;
  readonly onPreview: (part: Partial<Assumed>) => void;
  readonly onCommit: (part: Partial<Assumed>) => void;
}

function AssumedRange(props: RangeProps) {
  /** While it is moved; null between. */
  const [moved, setMoved] = useState<number | null>(null);
  const id = useId();
  const { label, title, name, value, min, max, step, words, part, onPreview, onCommit } = props;
  const release = () => {
    if (moved === null) return;
    setMoved(null);
    onCommit(part(moved));
  };
  return (
    <div className={controls.field} title={title}>
      <label className={styles.rangeLabel} htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        type="range"
        className={controls.range}
        aria-label={`${label}, ${name}`}
        min={min}
        max={max}
        step={step}
        value={moved ?? value}
        aria-valuetext={words}
        onChange={({ currentTarget }) => {
          const next = Number(currentTarget.value);
          setMoved(next);
          onPreview(part(next));
        }}
        onPointerUp={release}
        onKeyUp={release}
        onBlur={release}
      />
      <span className={styles.points}>{words}</span>
    </div>
  );
}

import { cancel, forecast, resample } from "../../store/actions/forecast.ts";
import { setFutureCount, setSteps } from "../../store/actions/futures.ts";
import { selectHistoryFrames } from "../../store/actions/imports.ts";
import { setOneFrame } from "../../store/actions/models.ts";
import { MAX_FUTURES } from "../../store/document.ts";
import {
  selectBusy,
  selectClip,
  selectDocument,
  selectFps,
  selectIsOneFrame,
  selectModel,
  selectPhotoModelKey,
  useStudio,
  useStudioObject,
} from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { Check, Panel } from "../controls/Panel.tsx";
import { formatBytes } from "../status/words.ts";
import styles from "./forecast.module.css";

export function ForecastPanel({ onModels }: { readonly onModels: () => void }) {
  const studio = useStudioObject();
  const busy = useStudio(selectBusy);
  const trackingTruth = useStudio((s) => s.truthProgress !== null);
  const ready = useStudio((s) => selectClip(s) !== null || selectDocument(s).origin !== null);
  const canResample = useStudio((s) => selectDocument(s).slots.some((slot) => !slot.locked));
  return (
    <Panel title="Forecast" aside={<PastLength />}>
      <OneFrameField />
      <CountField />
      <StepsField />
      <div className={styles.buttons}>
        <Button look="primary" disabled={busy || !ready} onClick={() => void forecast(studio)}>
          Forecast
        </Button>
        <Button
          disabled={busy || !canResample}
          title="New seeds for every unlocked future (R)"
          onClick={() => void resample(studio)}
        >
          Resample
        </Button>
        <Button disabled={!busy && !trackingTruth} onClick={() => cancel(studio)}>
          Cancel
        </Button>
      </div>
      <StaleHint />
      <ModelLine onModels={onModels} />
    </Panel>
  );
}

function PastLength() {
  const photo = useStudio((s) => selectClip(s)?.info.frameCount === 1 || selectIsOneFrame(s));
  const fps = useStudio(selectFps);
  const frames = useStudio(selectHistoryFrames);
  if (photo || frames === 1) return "from one frame";
  return `from ${frames} frames, ${(frames / fps).toFixed(1)} s`;
}

/** Which model forecasts: that of one picture, or that which sees the past too. */
function OneFrameField() {
  const studio = useStudioObject();
  const offered = useStudio((s) => selectPhotoModelKey(s) !== null);
  const oneFrame = useStudio(selectIsOneFrame);
  const busy = useStudio(selectBusy);
  if (!offered) return null;
  return (
    <Check
      label="From this picture alone"
      title="The model of one picture sees what is in it and can show hundreds of futures; the other one sees how things moved"
      checked={oneFrame}
      disabled={busy}
      onChange={(checked) => setOneFrame(studio, checked)}
    />
  );
}

function CountField() {
  const studio = useStudioObject();
  const count = useStudio((s) => selectDocument(s).futureCount);
  return (
    <label className={controls.field}>
      <span className={controls.label}>How many</span>
      <input
        type="range"
        className={`${controls.range} ${styles.count}`}
        min={1}
        max={MAX_FUTURES}
        value={count}
        aria-hidden="true"
        tabIndex={-1}
        onChange={(event) => setFutureCount(studio, Number(event.currentTarget.value))}
      />
      <input
        type="number"
        className={controls.number}
        aria-label="How many to sample"
        min={1}
        max={MAX_FUTURES}
        value={count}
        onChange={(event) => setFutureCount(studio, Number(event.currentTarget.value))}
      />
    </label>
  );
}

function StepsField() {
  const studio = useStudioObject();
  const steps = useStudio((s) => selectDocument(s).sampler.steps);
  const packSteps = useStudio((s) => s.pack?.steps ?? null);
  const hasSampler = useStudio((s) => selectModel(s)?.offers.sampler !== null);
  if (!hasSampler) return null;
  return (
    <label className={controls.field}>
      <span className={controls.label}>Solver steps</span>
      <input
        type="number"
        className={controls.number}
        title="More steps follow the model closer and take longer. Empty: the model’s own default."
        min={1}
        max={100}
        placeholder={packSteps ? String(packSteps) : "auto"}
        value={steps ?? ""}
        onChange={(event) => {
          const value = Math.round(Number(event.currentTarget.value));
          setSteps(studio, value >= 1 ? Math.min(100, value) : null);
        }}
      />
    </label>
  );
}

/** Says when the futures on screen belong to another "now" or other tracks than those set. */
function StaleHint() {
  const moved = useStudio((s) => {
    const { origin, nowIndex, clipId } = selectDocument(s);
    return clipId !== null && origin !== null && origin.nowIndex !== nowIndex;
  });
  const retracked = useStudio((s) => {
    const { origin, imported } = selectDocument(s);
    return origin !== null && origin.imported?.id !== imported?.id;
  });
  const busy = useStudio(selectBusy);
  if ((!moved && !retracked) || busy) return null;
  const what = moved ? "“Now” has moved" : "The tracks have changed";
  return <p className={styles.hint}>{what}. Shown until you press Forecast: the one before.</p>;
}

function ModelLine({ onModels }: { readonly onModels: () => void }) {
  const pack = useStudio((s) => s.pack);
  if (!pack) return null;
  return (
    <p className={styles.model} title={pack.licence}>
      <span>
        {pack.name}, {formatBytes(pack.bytes)}
      </span>
      <button type="button" className={styles.change} onClick={onModels}>
        Change…
      </button>
    </p>
  );
}

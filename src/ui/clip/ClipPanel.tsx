import { useState } from "react";
import type { Fit, WorkingRate } from "../../domain/clip.ts";
import { rateNotice } from "../../domain/rate-words.ts";
import { WORKING_RATE } from "../../domain/studio-defaults.ts";
import { reworkClip } from "../../store/actions/rework.ts";
import type { ClipSummary } from "../../store/slices/clipSlice.ts";
import {
  selectBusy,
  selectClip,
  selectDocument,
  useStudio,
  useStudioObject,
} from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { Field, SegmentedField } from "../controls/Field.tsx";
import { Panel } from "../controls/Panel.tsx";
import { Segmented } from "../controls/Segmented.tsx";
import { formatBytes } from "../status/words.ts";
import styles from "./clip.module.css";
import {
  decoderWords,
  type RateChoice,
  rateChoice,
  sourceWords,
  TYPED_RATES,
  typedRate,
  WORKING_SIZE_WORDS,
  workingWords,
} from "./clipWords.ts";
import { TracksField } from "./TracksField.tsx";

export function ClipPanel() {
  const clip = useStudio(selectClip);
  if (!clip) return <ClipNotHere />;
  return (
    <Panel title={clip.info.kind === "photo" ? "Photo" : "Clip"} aside={formatBytes(clip.bytes)}>
      <Facts clip={clip} />
      {clip.info.kind === "video" && <RateField clip={clip} />}
      <RateNotice clip={clip} />
      <FitField clip={clip} />
      <TracksField />
    </Panel>
  );
}

/** A forecast that was restored without its pictures. */
function ClipNotHere() {
  const name = useStudio((s) => selectDocument(s).origin?.clip.name);
  if (name === undefined) return null;
  return (
    <Panel title="Clip" aside="not open">
      <p className={styles.name}>{name}</p>
      <TracksField />
    </Panel>
  );
}

function Facts({ clip: { info } }: { readonly clip: ClipSummary }) {
  return (
    <dl className={styles.facts}>
      <dt>Source</dt>
      <dd>{sourceWords(info)}</dd>
      <dt>Decoded</dt>
      <dd>{decoderWords(info)}</dd>
      <dt>Working</dt>
      <dd>{workingWords(info)}</dd>
    </dl>
  );
}

function RateField({ clip }: { readonly clip: ClipSummary }) {
  const studio = useStudioObject();
  const busy = useStudio(selectBusy);
  const { rate, fit } = clip.options;
  const [typing, setTyping] = useState(rateChoice(rate) === "typed");
  const [text, setText] = useState(rate === "native" ? "24" : String(rate));
  const [lastRate, setLastRate] = useState(rate);
  if (lastRate !== rate) {
    setLastRate(rate);
    if (rate === "native") setTyping(false);
  }
  const choice: RateChoice = typing ? "typed" : rateChoice(rate);
  const apply = (next: WorkingRate) => {
    if (next !== rate) void reworkClip(studio, { rate: next, fit });
  };
  const applyText = () => {
    const value = typedRate(text);
    if (value !== null) apply(value);
  };
  return (
    <Field label="Rate">
      <span className={styles.row}>
        <Segmented<RateChoice>
          legend="Working rate"
          value={choice}
          options={[
            {
              value: "studio",
              label: `${WORKING_RATE} fps`,
              title: "What Wan-type video generators use",
              disabled: busy,
            },
            { value: "native", label: "Native", disabled: busy },
            { value: "typed", label: "Typed", disabled: busy },
          ]}
          onChange={(next) => {
            setTyping(next === "typed");
            if (next !== "typed") apply(next === "native" ? "native" : WORKING_RATE);
          }}
        />
        {typing && (
          <input
            className={`${controls.number} ${styles.rate}`}
            type="number"
            aria-label="Frames a second"
            {...TYPED_RATES}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onBlur={applyText}
            onKeyDown={(event) => event.key === "Enter" && applyText()}
          />
        )}
      </span>
    </Field>
  );
}

function RateNotice({ clip: { info, options } }: { readonly clip: ClipSummary }) {
  const studio = useStudioObject();
  const busy = useStudio(selectBusy);
  const words = rateNotice(info);
  if (!words) return null;
  return (
    <div role="note" aria-label="Working rate" className={styles.notice}>
      <p>{words}</p>
      <Button
        disabled={busy}
        onClick={() => void reworkClip(studio, { ...options, rate: "native" })}
      >
        Use the native rate
      </Button>
    </div>
  );
}

function FitField({ clip }: { readonly clip: ClipSummary }) {
  const studio = useStudioObject();
  const busy = useStudio(selectBusy);
  const { rate, fit } = clip.options;
  return (
    <SegmentedField<Fit>
      label="Frame"
      legend="How the picture fills the frame"
      value={fit}
      options={[
        {
          value: "cover",
          label: "Crop",
          title: `Fill ${WORKING_SIZE_WORDS} and cut what is left over`,
          disabled: busy,
        },
        {
          value: "letterbox",
          label: "Letterbox",
          title: "Show the whole picture with black bars",
          disabled: busy,
        },
      ]}
      onChange={(next) => void reworkClip(studio, { rate, fit: next })}
    />
  );
}

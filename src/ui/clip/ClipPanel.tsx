import { useState } from "react";
import type { Fit, WorkingRate } from "../../domain/clip.ts";
import { reworkClip } from "../../store/actions/clip.ts";
import type { ClipSummary } from "../../store/slices/clipSlice.ts";
import {
  selectBusy,
  selectClip,
  selectDocument,
  useStudio,
  useStudioObject,
} from "../../store/studio.ts";
import controls from "../controls/controls.module.css";
import { Field, SegmentedField } from "../controls/Field.tsx";
import { Panel } from "../controls/Panel.tsx";
import { Segmented } from "../controls/Segmented.tsx";
import { formatBytes } from "../status/words.ts";
import styles from "./clip.module.css";
import { TracksField } from "./TracksField.tsx";

export function ClipPanel() {
  const clip = useStudio(selectClip);
  if (!clip) return <ClipNotHere />;
  return (
    <Panel title={clip.info.kind === "photo" ? "Photo" : "Clip"} aside={formatBytes(clip.bytes)}>
      <Facts clip={clip} />
      {clip.info.kind === "video" && <RateField clip={clip} />}
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

const DECODERS = {
  webcodecs: "the browser (WebCodecs)",
  "ffmpeg.wasm": "ffmpeg in the page",
  ffmpeg: "ffmpeg",
  image: "the browser",
} as const;

/** Names that people know, for those that the tools use. */
const CODECS: Readonly<Record<string, string>> = {
  avc: "H.264",
  h264: "H.264",
  hevc: "H.265",
  vp8: "VP8",
  vp9: "VP9",
  av1: "AV1",
  mpeg4: "MPEG-4",
  gif: "GIF",
};

function Facts({ clip: { info } }: { readonly clip: ClipSummary }) {
  const { width, height } = info.displaySize;
  const native = `${width}×${height}, ${Number(info.nativeFps.toFixed(2))} fps, ${info.durationSecs.toFixed(1)} s`;
  return (
    <dl className={styles.facts}>
      <dt>Source</dt>
      <dd>{info.kind === "photo" ? `${width}×${height}` : native}</dd>
      <dt>Decoded</dt>
      <dd>
        {CODECS[info.codec] ?? info.codec} by {DECODERS[info.decodedBy]}
      </dd>
      <dt>Working</dt>
      <dd>
        832×480,{" "}
        {info.frameCount === 1
          ? "1 frame"
          : `${info.frameCount} frames at ${Number(info.fps.toFixed(2))} fps`}
      </dd>
    </dl>
  );
}

type RateChoice = "16" | "native" | "typed";

function RateField({ clip }: { readonly clip: ClipSummary }) {
  const studio = useStudioObject();
  const busy = useStudio(selectBusy);
  const { rate, fit } = clip.options;
  const [typing, setTyping] = useState(rate !== "native" && rate !== 16);
  const [text, setText] = useState(rate === "native" ? "24" : String(rate));
  const choice: RateChoice = typing ? "typed" : rate === "native" ? "native" : "16";
  const apply = (next: WorkingRate) => {
    if (next !== rate) void reworkClip(studio, { rate: next, fit });
  };
  const applyText = () => {
    const value = Number(text);
    if (value >= 1 && value <= 120) apply(value);
  };
  return (
    <Field label="Rate">
      <span className={styles.row}>
        <Segmented<RateChoice>
          legend="Working rate"
          value={choice}
          options={[
            {
              value: "16",
              label: "16 fps",
              title: "What Wan-type video generators use",
              disabled: busy,
            },
            { value: "native", label: "Native", disabled: busy },
            { value: "typed", label: "Typed", disabled: busy },
          ]}
          onChange={(next) => {
            setTyping(next === "typed");
            if (next !== "typed") apply(next === "native" ? "native" : 16);
          }}
        />
        {typing && (
          <input
            className={`${controls.number} ${styles.rate}`}
            type="number"
            aria-label="Frames a second"
            min={1}
            max={120}
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
          title: "Fill 832×480 and cut what is left over",
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

import { cancelRelief, findRelief, reliefHistoryId } from "../../store/actions/relief.ts";
import type { SpaceColour } from "../../store/slices/spaceSlice.ts";
import { selectClip, selectDocument, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import { SelectField } from "../controls/Field.tsx";
import { Check, Panel } from "../controls/Panel.tsx";
import forecast from "../forecast/forecast.module.css";
import view from "../view/view.module.css";
import { CamerasButton } from "./CamerasButton.tsx";
import {
  certaintyWords,
  piecesWords,
  progressWords,
  shareWords,
  UNKNOWN_WORDS,
} from "./reliefWords.ts";

const COLOURS: Readonly<Record<SpaceColour, string>> = {
  clip: "The clip",
  depth: "Depth",
  confidence: "Confidence",
  speed: "Speed",
  direction: "Direction",
  state: "Still or moving",
};

/** Cameras and depth of the clip: asks for them, says what is known and why nothing is. */
export function ReliefPanel() {
  const studio = useStudioObject();
  const progress = useStudio((s) => s.reliefProgress);
  const ready = useStudio((s) => selectClip(s) !== null || selectDocument(s).origin !== null);
  const hasClip = useStudio((s) => selectClip(s) !== null);
  const isPhoto = useStudio((s) => selectClip(s)?.info.frameCount === 1);
  const relief = useStudio((s, own) => (s.relief?.id === reliefHistoryId(own) ? s.relief : null));
  // Depth is told from how a camera travels: one picture has nothing to tell it from.
  if (isPhoto) return null;
  return (
    <Panel title="Relief" aside={relief ? `${relief.pointCount} points` : ""}>
      <div className={forecast.buttons}>
        <Button disabled={!ready || progress !== null} onClick={() => void findRelief(studio)}>
          Find relief
        </Button>
        <Button
          disabled={!hasClip || progress !== null}
          title="Tracks 3,000 points first"
          onClick={() => void findRelief(studio, "dense")}
        >
          Denser
        </Button>
        <Button disabled={progress === null} onClick={() => cancelRelief(studio)}>
          Stop
        </Button>
      </div>
      <div className={forecast.buttons}>
        <CamerasButton disabled={!hasClip || progress !== null} />
      </div>
      <p className={view.hint}>
        Fields of Trace Anything, made into field.npz by{" "}
        <a href="scripts/trace_anything_field.py" download>
          this script
        </a>
        , and 3-D tracks with cameras open like tracks: relief is then the file’s own.
      </p>
      {progress && <p className={view.hint}>{progressWords(progress)}</p>}
      {relief && !progress && (
        <p className={view.hint} role="status">
          {relief.why
            ? UNKNOWN_WORDS[relief.why]
            : `${shareWords(relief)}; ${certaintyWords(relief)}${piecesWords(relief)}`}
        </p>
      )}
      {relief && !relief.why && <SpaceFields />}
    </Panel>
  );
}

function SpaceFields() {
  const studio = useStudioObject();
  const colour = useStudio((s) => s.spaceColour);
  const shown = useStudio((s) => s.spaceShown);
  const frozenAt = useStudio((s) => s.frozenAt);
  const setSpace = useStudio((s) => s.setSpace);
  return (
    <>
      <SelectField
        label="In space, colour by"
        value={colour}
        options={COLOURS}
        onChange={(spaceColour) => setSpace({ spaceColour })}
      />
      <div className={view.layers}>
        {(["still", "moving", "unknown"] as const).map((kind) => (
          <Check
            key={kind}
            label={kind === "still" ? "Still" : kind === "moving" ? "Moving" : "Unknown"}
            checked={shown[kind]}
            onChange={(checked) => setSpace({ spaceShown: { ...shown, [kind]: checked } })}
          />
        ))}
        <Check
          label="Freeze"
          checked={frozenAt !== null}
          onChange={(checked) => setSpace({ frozenAt: checked ? studio.playhead.get() : null })}
        />
      </div>
    </>
  );
}

import {
  type CameraEdit,
  type CameraKey,
  STILL_KEY,
  withKey,
  withMove,
} from "../../domain/edits/camera.ts";
import {
  CAMERA_MOVE_IDS,
  type CameraMove,
  clampedAmount,
  moveFacts,
} from "../../domain/edits/camera-moves.ts";
import { openCameraPath } from "../../store/actions/cameras.ts";
import { putEdit, selectEditScene } from "../../store/actions/edits.ts";
import { showError } from "../../store/actions/notices.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { FileButton } from "../controls/FileButton.tsx";
import { AssumedFields } from "./AssumedFields.tsx";
import styles from "./edits.module.css";
import { NumberCell } from "./NumberCell.tsx";
import { SpanCells } from "./SpanCells.tsx";

/** A camera in numbers: its move, how far, when, over what, and what it assumes of the scene. */
export function CameraFields({ edit }: { readonly edit: CameraEdit }) {
  const studio = useStudioObject();
  const frameCount = useStudio((s) => selectEditScene(s, studio)?.frameCount ?? edit.frames[1] + 1);
  const isSelected = useStudio((s) => s.selectedEdit === edit.id);
  const change = (field: string, next: CameraEdit) =>
    putEdit(studio, next, `edit:${edit.id}:${field}`);
  const facts = moveFacts(edit.move);
  return (
    <>
      <div className={styles.fields}>
        <select
          className={controls.select}
          aria-label={`Move, ${edit.name}`}
          value={edit.move}
          onChange={({ currentTarget }) =>
            change("move", withMove(edit, currentTarget.value as CameraMove))
          }
        >
          {CAMERA_MOVE_IDS.filter((move) => move !== "follow" || edit.samples).map((move) => (
            <option key={move} value={move}>
              {moveFacts(move).label}
            </option>
          ))}
        </select>
        {facts.unit && (
          <NumberCell
            label={`${facts.unit}, ${edit.name}`}
            named={`Amount in ${AMOUNT_WORDS[facts.unit]}, ${edit.name}`}
            decimals={2}
            value={edit.amount}
            min={facts.least}
            max={facts.most}
            step={facts.step}
            onChange={(amount) =>
              change("amount", { ...edit, amount: clampedAmount(edit.move, amount) })
            }
          />
        )}
        {edit.move === "keys" && (
          <NumberCell
            label="travel"
            named={`How many times as far the camera travels, ${edit.name}`}
            decimals={2}
            value={edit.travel ?? 1}
            min={0}
            max={1000}
            step={0.1}
            onChange={(travel) => change("travel", { ...edit, travel })}
          />
        )}
        {facts.turns && (
          <NumberCell
            label={`turns, ${edit.name}`}
            value={edit.turns ?? 1}
            min={0}
            max={100}
            step={0.5}
            onChange={(turns) => change("turns", { ...edit, turns })}
          />
        )}
        <SpanCells
          edit={edit}
          frameCount={frameCount}
          onChange={(field, frames) => change(field, { ...edit, frames })}
        />
        <label
          className={styles.cell}
          title="On top of what the forecast's own camera does, instead of in its place"
        >
          <input
            type="checkbox"
            aria-label={`On top of the forecast camera, ${edit.name}`}
            checked={edit.adds === true}
            onChange={({ currentTarget }) =>
              change("adds", { ...edit, adds: currentTarget.checked })
            }
          />
          <span aria-hidden="true">on top</span>
        </label>
      </div>
      {isSelected && (
        <FileButton
          label="Camera of another clip"
          title="Nerfstudio's transforms.json, COLMAP's cameras.txt and images.txt together, 3-D tracks with cameras (npz), or a forecast saved as Foretrack JSON: its camera becomes keyframes"
          accept=".json,.txt,.npz"
          multiple
          onFiles={(files) =>
            openCameraPath(studio, edit, files).catch((error: unknown) => showError(studio, error))
          }
        />
      )}
      {edit.move === "keys" && <KeyFields edit={edit} onChange={(next) => change("keys", next)} />}
      {isSelected && (facts.needsDepth || facts.unit === "°") && <AssumedFields edit={edit} />}
    </>
  );
}

const AMOUNT_WORDS = { "°": "degrees", "×": "times", depths: "depths of the pivot" } as const;

const KEY_CELLS = {
  pan: { label: "pan", step: 1, min: -3600, max: 3600 },
  tilt: { label: "tilt", step: 1, min: -3600, max: 3600 },
  roll: { label: "roll", step: 1, min: -3600, max: 3600 },
  x: { label: "right", step: 0.05, min: -1000, max: 1000 },
  y: { label: "up", step: 0.05, min: -1000, max: 1000 },
  z: { label: "ahead", step: 0.05, min: -1000, max: 1000 },
  zoom: { label: "zoom", step: 0.05, min: 0.01, max: 100 },
} as const;

const KEY_NAMES = Object.keys(KEY_CELLS) as (keyof typeof KEY_CELLS)[];
/** More keys than this are an imported path: the panel says how many. */
const MOST_SHOWN = 12;

/** Keyframes in numbers; a new one is set in the frame under the playhead. */
function KeyFields({
  edit,
  onChange,
}: {
  readonly edit: CameraEdit;
  readonly onChange: (edit: CameraEdit) => void;
}) {
  const studio = useStudioObject();
  const keys = edit.keys ?? [];
  const addKey = () => {
    const now = studio.state.history.present.origin?.nowIndex ?? 0;
    const [first, last] = edit.frames;
    const frame = Math.min(last, Math.max(first, Math.round(studio.playhead.get()) - now - 1));
    const known = [...keys].reverse().find((key) => key.frame <= frame);
    onChange(withKey(edit, { ...STILL_KEY, ...known, frame }));
  };
  return (
    <fieldset className={styles.keys} aria-label={`Keyframes, ${edit.name}`}>
      {keys.length > MOST_SHOWN && <p className={styles.hint}>{keys.length} keyframes</p>}
      {keys.length <= MOST_SHOWN &&
        keys.map((key) => (
          <KeyRow
            key={key.frame}
            keyframe={key}
            name={edit.name}
            onChange={(next) => onChange(withKey(edit, next))}
            onRemove={() => onChange({ ...edit, keys: keys.filter((other) => other !== key) })}
          />
        ))}
      <Button look="quiet" title="A keyframe in the frame under the playhead" onClick={addKey}>
        Add keyframe
      </Button>
    </fieldset>
  );
}

interface KeyRowProps {
  readonly keyframe: CameraKey;
  readonly name: string;
  readonly onChange: (key: CameraKey) => void;
  readonly onRemove: () => void;
}

function KeyRow({ keyframe, name, onChange, onRemove }: KeyRowProps) {
  const at = `frame ${keyframe.frame + 1}, ${name}`;
  return (
    <div className={styles.fields}>
      <span className={styles.points}>{keyframe.frame + 1}</span>
      {KEY_NAMES.map((field) => {
        const { label, ...range } = KEY_CELLS[field];
        return (
          <NumberCell
            key={field}
            {...range}
            label={label}
            named={`${label}, ${at}`}
            decimals={2}
            value={keyframe[field]}
            onChange={(value) => onChange({ ...keyframe, [field]: value })}
          />
        );
      })}
      <Button look="quiet" aria-label={`Remove the keyframe at ${at}`} onClick={onRemove}>
        Remove
      </Button>
    </div>
  );
}

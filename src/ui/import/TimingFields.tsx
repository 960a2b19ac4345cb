import type { ClipSummary } from "../../store/slices/clipSlice.ts";
import controls from "../controls/controls.module.css";
import styles from "./import.module.css";
import type { TypedTiming } from "./timing.ts";
import type { ImportState } from "./useImport.ts";

interface Props {
  readonly state: ImportState;
  readonly clip: ClipSummary;
}

/** Where the tracks lie in the time of the clip. */
export function TimingFields({ state, clip }: Props) {
  const { proposed, typed } = state;
  const field = (name: keyof TypedTiming, label: string, value: number) => (
    <label className={controls.field}>
      <span className={controls.label}>{label}</span>
      <input
        type="number"
        step="any"
        className={controls.number}
        value={typed[name] ?? String(value)}
        onChange={(event) => state.type({ [name]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <fieldset className={styles.group}>
      <legend>Time</legend>
      {field("fps", "Frames a second", rounded(proposed.fps))}
      {field("firstSecs", "First frame at, s", rounded(proposed.firstSecs))}
      {field("nowFrame", `“Now”, frame of ${clip.info.frameCount}`, proposed.nowIndex + 1)}
    </fieldset>
  );
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

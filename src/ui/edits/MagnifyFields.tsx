import { type MagnifyBounds, type MagnifyEdit, magnifyBounds } from "../../domain/edits/magnify.ts";
import { putEdit, selectEditScene } from "../../store/actions/edits.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import styles from "./edits.module.css";
import { NumberCell } from "./NumberCell.tsx";

/** How much larger, of which frequencies, and how much noise and folding bear. */
export function MagnifyFields({ edit }: { readonly edit: MagnifyEdit }) {
  const studio = useStudioObject();
  const nowN2 = useStudio((s) => selectEditScene(s, studio)?.startN2);
  const frameCount = useStudio((s) => selectEditScene(s, studio)?.frameCount ?? 1);
  const change = (field: string, part: Partial<MagnifyEdit>) =>
    putEdit(studio, { ...edit, ...part }, `edit:${edit.id}:${field}`);
  const named = (label: string) => `${label}, ${edit.name}`;
  const bounds = nowN2 && magnifyBounds(edit, { startN2: nowN2, frameCount });
  const most = edit.motion.fps / 2;
  return (
    <div className={styles.fields}>
      <span className={styles.points}>{`${edit.points.length} points, ${edit.motion.from}`}</span>
      <NumberCell
        {...{ min: 0, max: 1000, step: 1 }}
        label={named("Gain")}
        value={edit.gain}
        onChange={(gain) => change("gain", { gain })}
      />
      <NumberCell
        {...{ min: 0, max: most, step: 0.1 }}
        label={named("From Hz")}
        value={edit.lowHz}
        onChange={(lowHz) => change("low", { lowHz })}
      />
      <NumberCell
        {...{ min: 0, max: most, step: 0.1 }}
        label={named("To Hz")}
        value={edit.highHz}
        onChange={(highHz) => change("high", { highHz })}
      />
      <NumberCell
        {...{ min: 0, max: 20, step: 0.5 }}
        label={named("Smooth")}
        value={edit.smoothFrames}
        onChange={(smoothFrames) => change("smooth", { smoothFrames })}
      />
      {bounds && (
        <span
          className={styles.points}
          title="Above the first the tracker's noise becomes a pixel; where the picture would fold over, points keep to less than the gain"
        >
          {`noise bears × ${words(bounds.noise)}, ${foldWords(bounds, edit.points.length)}`}
        </span>
      )}
    </div>
  );
}

/** What folding does to this gain: nothing up to a bound, or some points keep to less. */
function foldWords({ fold, heldBack, least }: MagnifyBounds, pointCount: number): string {
  if (heldBack === 0) return `folding × ${words(fold)}`;
  return `${heldBack} of ${pointCount} points would fold over and keep to less, × ${words(least)} or more`;
}

function words(gain: number): string {
  return gain >= 1000 ? "1000 and more" : gain.toPrecision(2);
}

import {
  growPicked,
  holdPicked,
  magnifyPicked,
  selectPickedMotion,
  takePicked,
} from "../../store/actions/picked.ts";
import { selectDocument, selectView, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import styles from "./edits.module.css";

/** What can be made of the points that are picked out on the stage. */
export function PickedActions() {
  const studio = useStudioObject();
  const count = useStudio((s) => selectView(s).selectedPoints.length);
  const slot = useStudio((s) => selectPickedMotion(s));
  const slots = useStudio((s) => selectDocument(s).slots);
  const hasTruth = useStudio((s, object) => {
    const { origin } = selectDocument(s);
    return s.truthRevision >= 0 && origin !== null && object.bulk.truths.has(origin.historyId);
  });
  if (count === 0 || slot === null) return null;
  return (
    <fieldset className={styles.picked}>
      <legend className="visually-hidden">Picked points</legend>
      <span className={styles.points}>{count === 1 ? "1 point of" : `${count} points of`}</span>
      <select
        className={controls.select}
        aria-label="Whose motion is meant"
        value={slot}
        onChange={({ currentTarget: { value } }) =>
          studio.state.pickMotion(value === "truth" || value === "past" ? value : Number(value))
        }
      >
        {slots
          .filter(({ futureId }) => futureId !== null)
          .map(({ id }) => (
            <option key={id} value={id}>{`future ${id}`}</option>
          ))}
        {hasTruth && <option value="truth">what really happened</option>}
        <option value="past">the past, backwards</option>
      </select>
      <Button
        look="quiet"
        title="Pick all that moves as these points do, in the past and in that future (G)"
        onClick={() => growPicked(studio)}
      >
        What moves together
      </Button>
      <Button
        look="quiet"
        title="Put what they do there into all futures that are not locked; from one point, with all that moves with it (U)"
        onClick={() => void takePicked(studio)}
      >
        Use this motion
      </Button>
      <Button
        look="quiet"
        title="Make what they do there larger (M and a click does it too)"
        onClick={() => void magnifyPicked(studio)}
      >
        Magnify
      </Button>
      <Button
        look="quiet"
        title="Keep them where they are at “now” (H)"
        onClick={() => void holdPicked(studio)}
      >
        Hold
      </Button>
    </fieldset>
  );
}

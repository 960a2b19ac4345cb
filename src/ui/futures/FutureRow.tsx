import { futureStyle } from "../../domain/future-style.ts";
import { resampleOne } from "../../store/actions/forecast.ts";
import { solo, toggleHidden, toggleLock } from "../../store/actions/futures.ts";
import type { Slot } from "../../store/document.ts";
import type { FutureErrors } from "../../store/metrics.ts";
import { staleSlots } from "../../store/slots.ts";
import { selectBusy, selectDocument, useStudio, useStudioObject } from "../../store/studio.ts";
import { IconButton } from "../controls/Button.tsx";
import styles from "./futures.module.css";

interface Props {
  readonly slot: Slot;
  readonly soloed: boolean;
  readonly dimmed: boolean;
  readonly pendingSeed: number | null;
  readonly errors: FutureErrors | null;
  /** Distance from a still scene seen by one camera, px; null until the future is lifted. */
  readonly rigidityPx: number | null;
  /** Came closest to what really happened. */
  readonly best: boolean;
}

export function FutureRow({ slot, soloed, dimmed, pendingSeed, errors, rigidityPx, best }: Props) {
  const studio = useStudioObject();
  const busy = useStudio(selectBusy);
  const seed = pendingSeed ?? slot.seed;
  const { id } = slot;
  const isStale = useStudio((s) => staleSlots(selectDocument(s)).some((other) => other.id === id));
  return (
    <li
      className={styles.row}
      data-dimmed={dimmed || slot.hidden}
      data-soloed={soloed}
      data-best={best}
      data-stale={isStale}
    >
      <button
        type="button"
        className={styles.name}
        aria-pressed={soloed}
        title={id < 10 ? `Show alone (${id})` : "Show alone"}
        aria-description={isStale ? "Made with other edits" : undefined}
        disabled={slot.futureId === null}
        onClick={() => solo(studio, id)}
      >
        <Chip id={id} />
        <span className={styles.id}>
          <span className="visually-hidden">Future </span>
          {id}
        </span>
        <span className={styles.seed} data-pending={pendingSeed !== null}>
          <span className="visually-hidden"> seed </span>
          {seed}
        </span>
        {rigidityPx !== null && (
          <span
            className={styles.seed}
            title="Static points against one camera, px: how rigid it is"
          >
            ±{rigidityPx.toFixed(1)}
          </span>
        )}
        {isStale && <i className={styles.stale} aria-hidden="true" />}
      </button>
      <span className={styles.error}>{errors ? errors.ade.toFixed(1) : ""}</span>
      <span className={styles.error}>{errors ? errors.fde.toFixed(1) : ""}</span>
      <span className={styles.tools}>
        <IconButton
          small
          icon="redraw"
          label={`New seed for number ${id}`}
          title="New seed for this one"
          disabled={busy}
          onClick={() => void resampleOne(studio, id)}
        />
        <IconButton
          small
          icon={slot.locked ? "lock" : "unlock"}
          label={`Keep seed ${slot.seed}`}
          title={slot.locked ? "Locked: Resample keeps it" : "Lock: keep it when resampling"}
          aria-pressed={slot.locked}
          onClick={() => toggleLock(studio, id)}
        />
        <IconButton
          small
          icon={slot.hidden ? "eyeOff" : "eye"}
          label={`Hide number ${id}`}
          title={slot.hidden ? "Show" : "Hide"}
          aria-pressed={slot.hidden}
          onClick={() => toggleHidden(studio, id)}
        />
      </span>
    </li>
  );
}

/** The colour and dash with which the viewport draws this future. */
function Chip({ id }: { readonly id: number }) {
  const { colour, dash } = futureStyle(id - 1);
  return (
    <svg width="30" height="8" viewBox="0 0 30 8" aria-hidden="true" className={styles.chip}>
      <path
        d="M1 4h28"
        stroke={colour}
        strokeWidth="3.5"
        strokeLinecap="butt"
        strokeDasharray={dash}
      />
    </svg>
  );
}

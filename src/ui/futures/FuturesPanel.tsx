import { useEffect } from "react";
import { solo } from "../../store/actions/futures.ts";
import { liftFutures } from "../../store/actions/relief.ts";
import { meanBest } from "../../store/metrics.ts";
import { selectDocument, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import { Check, Panel } from "../controls/Panel.tsx";
import { FutureRow } from "./FutureRow.tsx";
import styles from "./futures.module.css";
import { mostRigidFirst } from "./mostRigidFirst.ts";

export function FuturesPanel() {
  const studio = useStudioObject();
  const slots = useStudio((s) => selectDocument(s).slots);
  const origin = useStudio((s) => selectDocument(s).origin);
  const soloId = useStudio((s) => selectDocument(s).soloId);
  const pending = useStudio((s) => s.pending);
  useStudio((s) => s.truthRevision);
  const rigidityPx = useStudio((s) => s.rigidityPx);
  const ranks = useStudio((s) => s.ranksByRigidity);
  const sampled = slots.filter((slot) => slot.futureId !== null || pending[slot.id] !== undefined);
  // Futures that an edit or a seed changed are rated again where others are.
  const isRating = Object.keys(rigidityPx).length > 0;
  const futureIds = slots.map(({ futureId }) => futureId).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: other futures are what asks for it
  useEffect(() => {
    if (isRating) void liftFutures(studio);
  }, [studio, isRating, futureIds]);
  const listed = ranks ? mostRigidFirst(sampled, rigidityPx) : sampled;
  const isRated = sampled.some(({ futureId }) => futureId && futureId in rigidityPx);
  const waiting = Object.keys(pending).filter(
    (id) => !slots.some((slot) => slot.id === Number(id)),
  );
  const errors = new Map(
    listed.map((slot) => [
      slot.id,
      origin ? studio.errors.of(slot.futureId, origin.historyId) : null,
    ]),
  );
  const known = [...errors.values()].filter((error) => error !== null);
  return (
    <Panel
      title="Futures"
      aside={
        soloId !== null && (
          <Button look="quiet" onClick={() => solo(studio, null)} title="Show all (0)">
            Show all
          </Button>
        )
      }
    >
      {listed.length + waiting.length === 0 && (
        <p className={styles.empty}>
          None yet. Set “now” on the timeline, then press Forecast. Each future gets its own colour
          and dash.
        </p>
      )}
      {known.length > 0 && (
        <div className={styles.columns} aria-hidden="true">
          <span>seed</span>
          <span title="Mean distance to what really happened, pixels of 832×480">ADE</span>
          <span title="Distance at the last frame">FDE</span>
        </div>
      )}
      <ul aria-label="Futures" className={styles.list}>
        {listed.map((slot) => (
          <FutureRow
            key={slot.id}
            slot={slot}
            soloed={soloId === slot.id}
            dimmed={soloId !== null && soloId !== slot.id}
            pendingSeed={pending[slot.id] ?? null}
            errors={errors.get(slot.id) ?? null}
            rigidityPx={rigidityPx[slot.futureId ?? ""] ?? null}
            best={known.length > 1 && errors.get(slot.id)?.ade === meanBest(known)}
          />
        ))}
      </ul>
      {known.length > 0 && (
        <p className={styles.best}>
          minADE<sub>{known.length}</sub> {meanBest(known).toFixed(1)} px against what really
          happened
        </p>
      )}
      {isRated && <RankField />}
      <TruthProgress />
    </Panel>
  );
}

/** Orders the list by how well each future is a still scene seen by one camera. */
function RankField() {
  const ranks = useStudio((s) => s.ranksByRigidity);
  const setSpace = useStudio((s) => s.setSpace);
  return (
    <Check
      label="Most rigid first"
      checked={ranks}
      onChange={(ranksByRigidity) => setSpace({ ranksByRigidity })}
    />
  );
}

function TruthProgress() {
  const truth = useStudio((s) => s.truthProgress);
  if (!truth) return null;
  return (
    <p className={styles.best}>
      Tracking what really happened, {truth.done} of {truth.total}
    </p>
  );
}

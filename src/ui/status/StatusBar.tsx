import { useEffect, useState } from "react";
import { cancel } from "../../store/actions/forecast.ts";
import { selectBusy, selectDocument, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import styles from "./status.module.css";
import { backendWords, KEEPING_WORDS, readyingWords, timeLeft } from "./words.ts";

export function StatusBar() {
  const status = useStudio((s) => s.status);
  const busy = useStudio(selectBusy);
  return (
    <footer className={styles.bar}>
      <div role="status" aria-label="Status" className={styles.status} data-busy={busy}>
        {status}
      </div>
      <RunProgress />
      <CancelOpening />
      <span className={styles.spacer} />
      <SessionState />
      <Runtime />
      <a className={styles.notices} href="notices.html" target="_blank" rel="noopener">
        Notices
      </a>
    </footer>
  );
}

/** What runs the model; before it is asked for, that it is made ready. */
function Runtime() {
  const backend = useStudio((s) => s.backend);
  const readying = useStudio((s) => s.readying);
  const words = backend ? backendWords(backend) : readying && readyingWords(readying);
  return (
    <span className={styles.runtime} title={backend?.reason}>
      {words ?? "Runs on your machine. Nothing is uploaded."}
    </span>
  );
}

/** The first clip opens before there are panels with a Cancel of their own. */
function CancelOpening() {
  const studio = useStudioObject();
  const opening = useStudio(
    (s) => selectBusy(s) && selectDocument(s).clipId === null && selectDocument(s).origin === null,
  );
  if (!opening) return null;
  return (
    <Button look="quiet" onClick={() => cancel(studio)}>
      Cancel
    </Button>
  );
}

/** Whether a reload would bring the work back. */
function SessionState() {
  const keeping = useStudio((s) => s.keeping);
  const hasWork = useStudio(
    (s) => selectDocument(s).clipId !== null || selectDocument(s).origin !== null,
  );
  if (!hasWork || keeping === "off") return null;
  const { words, about } = KEEPING_WORDS[keeping];
  return (
    <span className={styles.runtime} title={about}>
      {words}
    </span>
  );
}

/** The bar and the time left; silent, because the status region speaks. */
export function RunProgress() {
  const busy = useStudio(selectBusy);
  const done = useStudio((s) => s.done);
  const total = useStudio((s) => s.total);
  const started = useStudio((s) => s.phaseStartedMillis);
  const [nowMillis, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(() => setNow(performance.now()), 250);
    return () => clearInterval(timer);
  }, [busy]);
  if (!busy) return null;
  const left = timeLeft(done, total, Math.max(0, nowMillis - started));
  return (
    <span className={styles.progress}>
      <progress max={total || 1} {...(total > 0 ? { value: done } : {})} aria-hidden="true" />
      {left}
    </span>
  );
}

import { useStudio } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import styles from "./status.module.css";

/** Above the status: what the browser's storage cannot take. Runs and their notices leave it alone. */
export function ShortageBar() {
  const shortage = useStudio((s) => s.shortage);
  const setShortage = useStudio((s) => s.setShortage);
  if (!shortage) return null;
  return (
    <section aria-label="Storage" aria-live="polite" className={styles.shortage}>
      <p>
        <strong>{shortage.message}.</strong> {shortage.remedy}
      </p>
      <Button look="quiet" onClick={() => setShortage(null)}>
        Got it
      </Button>
    </section>
  );
}

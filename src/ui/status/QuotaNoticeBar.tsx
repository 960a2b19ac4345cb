import { useStudio } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import styles from "./status.module.css";

/** Above the status: what the browser's storage cannot take. Runs and their notices leave it alone. */
export function QuotaNoticeBar() {
  const quotaNotice = useStudio((s) => s.quotaNotice);
  const setQuotaNotice = useStudio((s) => s.setQuotaNotice);
  if (!quotaNotice) return null;
  return (
    <section aria-label="Storage" aria-live="polite" className={styles.quotaNotice}>
      <p>
        <strong>{quotaNotice.message}.</strong> {quotaNotice.remedy}
      </p>
      <Button look="quiet" onClick={() => setQuotaNotice(null)}>
        Got it
      </Button>
    </section>
  );
}

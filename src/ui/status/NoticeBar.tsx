import { dismissNotice } from "../../store/actions/notices.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import { IconButton } from "../controls/Button.tsx";
import styles from "./status.module.css";

export function NoticeBar() {
  const studio = useStudioObject();
  const notice = useStudio((s) => s.notice);
  if (!notice) return null;
  return (
    <div role="alert" className={styles.notice} data-kind={notice.kind}>
      <div>
        <strong>{notice.message}</strong>
        {notice.remedy && <p>{notice.remedy}</p>}
      </div>
      <IconButton icon="close" label="Dismiss" onClick={() => dismissNotice(studio)} />
    </div>
  );
}

import { selectEditScene } from "../../store/actions/edits.ts";
import { selectDocument, useStudio, useStudioObject } from "../../store/studio.ts";
import { EditBar } from "./EditBar.tsx";
import { barRows } from "./editBars.ts";
import styles from "./editsLane.module.css";

/** The edits of the document as bars over the frames in which they ask something. */
export function EditsLane({ total }: { readonly total: number }) {
  const studio = useStudioObject();
  const edits = useStudio((s) => selectDocument(s).edits);
  const frameCount = useStudio((s) => selectEditScene(s, studio)?.frameCount ?? 0);
  const now = useStudio((s) => selectDocument(s).origin?.nowIndex ?? 0);
  if (frameCount === 0) return null;
  const rows = barRows(edits);
  return (
    <div className={styles.scroller} data-scrolls>
      <ul
        aria-label="Edits in time"
        className={styles.lane}
        style={{ "--rows": Math.max(0, ...rows) + 1 }}
      >
        {edits.map((edit, i) => (
          <EditBar
            key={edit.id}
            edit={edit}
            row={rows[i]}
            start={now + 1}
            total={total}
            frameCount={frameCount}
          />
        ))}
      </ul>
    </div>
  );
}

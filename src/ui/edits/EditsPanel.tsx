import { useMemo } from "react";
import { editGround, editsFile } from "../../store/actions/edit-files.ts";
import { selectEditingGap } from "../../store/actions/edits.ts";
import { selectWeighedWords } from "../../store/actions/wishes.ts";
import { staleSlots } from "../../store/slots.ts";
import { type Studio, selectDocument, useStudio, useStudioObject } from "../../store/studio.ts";
import { IconButton } from "../controls/Button.tsx";
import { Panel } from "../controls/Panel.tsx";
import { clipStem, saveBytes } from "../export/save.ts";
import { AddEdits } from "./AddEdits.tsx";
import { EditRow } from "./EditRow.tsx";
import styles from "./edits.module.css";
import { followedEdits, movedWords } from "./followed.ts";
import { PickedActions } from "./PickedActions.tsx";
import { movedNowWords, staleWords } from "./staleWords.ts";
import { TransferActions } from "./TransferActions.tsx";

/** What the user authored of the futures, as a list with numbers. */
export function EditsPanel() {
  const studio = useStudioObject();
  const document = useStudio(selectDocument);
  const { edits } = document;
  const followed = useMemo(() => followedEdits(studio, document), [studio, document]);
  const moved = followed && movedWords(followed);
  const weighed = useStudio(selectWeighedWords);
  const gap = useStudio(selectEditingGap);
  const movedNow = movedNowWords(document);
  const stale = useStudio((s) => staleWords(staleSlots(selectDocument(s))));
  return (
    <Panel
      title="Edits"
      aside={
        <IconButton
          small
          icon="save"
          label="Save the edits alone"
          title="Save the edits alone, to drop them on another clip or run them by npm run forecast"
          disabled={edits.length === 0}
          onClick={() => saveEdits(studio)}
        />
      }
    >
      <AddEdits />
      {gap && <p className={styles.hint}>{gap}</p>}
      {!gap && edits.length === 0 && (
        <p className={styles.hint}>
          None yet. Take the drag tool (D) and draw where a thing goes, the pin tool (P) and say
          where a point has to be, the area tool (A) and brush over what stays where it is, or the
          camera tool (C) and pull the picture: the futures follow when you let go.
        </p>
      )}
      {!gap && <PickedActions />}
      {!gap && <TransferActions />}
      <ul aria-label="Edits" className={styles.list} data-scrolls>
        {edits.map((edit) => (
          <EditRow key={edit.id} edit={edit} followed={followed} />
        ))}
      </ul>
      {weighed && <p className={styles.hint}>{weighed}</p>}
      {moved && <p className={styles.hint}>{moved}</p>}
      {stale && <p className={styles.hint}>{stale}</p>}
      {movedNow && <p className={styles.hint}>{movedNow}</p>}
    </Panel>
  );
}

function saveEdits(studio: Studio): void {
  const bytes = editsFile(studio);
  const stem = clipStem(editGround(studio));
  if (bytes) saveBytes(bytes, `${stem}.edits.json`, "application/json");
}

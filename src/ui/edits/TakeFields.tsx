import type { TakeEdit } from "../../domain/edits/take.ts";
import { withFrames } from "../../domain/edits.ts";
import { putEdit, selectEditScene } from "../../store/actions/edits.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import styles from "./edits.module.css";
import { SpanCells } from "./SpanCells.tsx";

/** Whose motion it is, and which part of it holds. */
export function TakeFields({ edit }: { readonly edit: TakeEdit }) {
  const studio = useStudioObject();
  const frameCount = useStudio((s) => selectEditScene(s, studio)?.frameCount ?? edit.frames[1] + 1);
  return (
    <div className={styles.fields}>
      <span className={styles.points} title={`Motion of ${edit.from}`}>
        {`${edit.points.length} points, ${edit.from}`}
      </span>
      <SpanCells
        edit={edit}
        frameCount={frameCount}
        onChange={(field, frames) =>
          putEdit(studio, withFrames(edit, frames), `edit:${edit.id}:${field}`)
        }
      />
    </div>
  );
}

import type { Edit } from "../../domain/edits.ts";
import { duplicateEdit, reorderEdit } from "../../store/actions/edit-list.ts";
import { putEdit } from "../../store/actions/edits.ts";
import { selectDocument, useStudio, useStudioObject } from "../../store/studio.ts";
import { IconButton } from "../controls/Button.tsx";
import styles from "./edits.module.css";

/** What can be done with the edit that is pointed out, beside its numbers. */
export function EditActions({ edit }: { readonly edit: Edit }) {
  const studio = useStudioObject();
  const place = useStudio((s) => selectDocument(s).edits.findIndex(({ id }) => id === edit.id));
  const count = useStudio((s) => selectDocument(s).edits.length);
  return (
    <div className={styles.actions}>
      <IconButton
        small
        icon="up"
        label={`Move ${edit.name} up`}
        title="Up: edits below win over it (Alt ↑)"
        disabled={place <= 0}
        onClick={() => reorderEdit(studio, edit.id, -1)}
      />
      <IconButton
        small
        icon="down"
        label={`Move ${edit.name} down`}
        title="Down: it wins over edits above (Alt ↓)"
        disabled={place === count - 1}
        onClick={() => reorderEdit(studio, edit.id, 1)}
      />
      <IconButton
        small
        icon="copy"
        label={`Duplicate ${edit.name}`}
        title="Duplicate (Ctrl D)"
        onClick={() => duplicateEdit(studio, edit.id)}
      />
      <IconButton
        small
        icon="rename"
        label={`Rename ${edit.name}`}
        title="Rename (F2)"
        onClick={() => studio.state.renameEdit(edit.id)}
      />
      {SPACED.has(edit.kind) && (
        <label
          className={styles.cell}
          title="It lies in the scene and is seen by the camera; else it is where it is drawn on the screen"
        >
          <input
            type="checkbox"
            aria-label={`In the scene, ${edit.name}`}
            checked={edit.space === "scene"}
            onChange={({ currentTarget: { checked } }) =>
              putEdit(studio, { ...edit, space: checked ? "scene" : "screen" })
            }
          />
          <span aria-hidden="true">in the scene</span>
        </label>
      )}
    </div>
  );
}

/** Kinds that may lie in the scene or on the screen. */
const SPACED: ReadonlySet<Edit["kind"]> = new Set(["drag", "pin", "body", "wish"]);

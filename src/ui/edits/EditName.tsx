import type { Edit } from "../../domain/edits.ts";
import { renameEdit } from "../../store/actions/edit-list.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import controls from "../controls/controls.module.css";
import styles from "./edits.module.css";

/** The name of an edit: pressed it points the edit out; while it is being renamed, a field. */
export function EditName({ edit }: { readonly edit: Edit }) {
  const studio = useStudioObject();
  const isSelected = useStudio((s) => s.selectedEdit === edit.id);
  const isRenamed = useStudio((s) => s.renamedEdit === edit.id);
  const { selectEdit, renameEdit: setRenamed } = studio.state;
  if (isRenamed) {
    return (
      <input
        type="text"
        className={`${controls.number} ${styles.rename}`}
        aria-label={`Name of ${edit.name}`}
        defaultValue={edit.name}
        maxLength={200}
        ref={(field) => field?.select()}
        onBlur={({ currentTarget }) => {
          renameEdit(studio, edit.id, currentTarget.value);
          setRenamed(null);
        }}
        onKeyDown={(event) => {
          // Esc takes the old name back: leaving the field is what sets a new one.
          if (event.key === "Escape") event.currentTarget.value = edit.name;
          if (event.key === "Escape" || event.key === "Enter") event.currentTarget.blur();
        }}
      />
    );
  }
  return (
    <button
      type="button"
      className={styles.name}
      aria-pressed={isSelected}
      title="Point it out on the stage; twice or F2: rename"
      onClick={() => selectEdit(isSelected ? null : edit.id)}
      onDoubleClick={() => {
        selectEdit(edit.id);
        setRenamed(edit.id);
      }}
    >
      {edit.name}
    </button>
  );
}

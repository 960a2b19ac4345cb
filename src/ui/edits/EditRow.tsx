import type { Edit } from "../../domain/edits.ts";
import { putEdit, removeEdit } from "../../store/actions/edits.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import { IconButton } from "../controls/Button.tsx";
import styles from "./edits.module.css";
import { fieldsOf } from "./fields.ts";

export function EditRow({ edit }: { readonly edit: Edit }) {
  const studio = useStudioObject();
  const isSelected = useStudio((s) => s.selectedEdit === edit.id);
  const selectEdit = useStudio((s) => s.selectEdit);
  const Fields = fieldsOf(edit);
  return (
    <li className={styles.row} data-off={!edit.on} data-selected={isSelected}>
      <div className={styles.head}>
        <button
          type="button"
          className={styles.name}
          aria-pressed={isSelected}
          title="Point it out on the stage"
          onClick={() => selectEdit(isSelected ? null : edit.id)}
        >
          {edit.name}
        </button>
        <IconButton
          small
          icon={edit.on ? "eye" : "eyeOff"}
          label={`Leave out ${edit.name}`}
          title={edit.on ? "Leave it out of the forecast" : "Follow it again"}
          aria-pressed={!edit.on}
          onClick={() => putEdit(studio, { ...edit, on: !edit.on })}
        />
        <IconButton
          small
          icon="close"
          label={`Remove ${edit.name}`}
          onClick={() => removeEdit(studio, edit.id)}
        />
      </div>
      {Fields && <Fields edit={edit} />}
    </li>
  );
}

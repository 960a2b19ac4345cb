import type { Edit } from "../../domain/edits.ts";
import { toggleEdit } from "../../store/actions/edit-list.ts";
import { removeEdit } from "../../store/actions/edits.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import { IconButton } from "../controls/Button.tsx";
import { useKeptInView } from "../controls/useKeptInView.ts";
import { EditActions } from "./EditActions.tsx";
import { EditName } from "./EditName.tsx";
import styles from "./edits.module.css";
import { fieldsOf } from "./fields.ts";
import type { Followed } from "./followed.ts";

interface Props {
  readonly edit: Edit;
  readonly followed: Followed | null;
}

export function EditRow({ edit, followed }: Props) {
  const studio = useStudioObject();
  const isSelected = useStudio((s) => s.selectedEdit === edit.id);
  const row = useKeptInView<HTMLLIElement>(isSelected);
  const Fields = fieldsOf(edit);
  const missPx = followed?.missPx.get(edit.id);
  return (
    <li ref={row} className={styles.row} data-off={!edit.on} data-selected={isSelected}>
      <div className={styles.head}>
        <EditName edit={edit} />
        {followed && missPx !== undefined && (
          <span
            className={styles.points}
            title={`Mean distance of future ${followed.slotId} from where it is wanted`}
          >
            <span className="visually-hidden">{`Future ${followed.slotId} is off by `}</span>
            {`${missPx.toFixed(1)} px`}
          </span>
        )}
        <IconButton
          small
          icon={edit.on ? "eye" : "eyeOff"}
          label={`Leave out ${edit.name}`}
          title={edit.on ? "Leave it out of the forecast (X)" : "Follow it again (X)"}
          aria-pressed={!edit.on}
          onClick={() => toggleEdit(studio, edit.id)}
        />
        <IconButton
          small
          icon="close"
          label={`Remove ${edit.name}`}
          onClick={() => removeEdit(studio, edit.id)}
        />
      </div>
      {Fields && <Fields edit={edit} />}
      {isSelected && <EditActions edit={edit} />}
    </li>
  );
}

import { redo, undo } from "../store/actions/undo.ts";
import { selectClip, selectDocument, useStudio, useStudioObject } from "../store/studio.ts";
import styles from "./app.module.css";
import { Button, IconButton } from "./controls/Button.tsx";
import { Icon } from "./controls/Icon.tsx";
import { FileInput } from "./stage/FileInput.tsx";
import { OPEN_INPUT_ID } from "./stage/intake.ts";
import { ModeSwitch } from "./stage/ModeSwitch.tsx";

interface Props {
  readonly hasWork: boolean;
  readonly onExport: () => void;
  readonly onKeys: () => void;
  readonly onModels: () => void;
  readonly onFresh: () => void;
}

export function Header({ hasWork, onExport, onKeys, onModels, onFresh }: Props) {
  const studio = useStudioObject();
  const name = useStudio((s) => selectClip(s)?.info.name ?? "");
  const canExport = useStudio((s) => selectDocument(s).slots.some((slot) => slot.futureId));
  const canUndo = useStudio((s) => s.history.past.length > 0);
  const canRedo = useStudio((s) => s.history.future.length > 0);
  return (
    <header className={styles.header}>
      <div className={styles.brand}>
        <Mark />
        <h1>Foretrack</h1>
      </div>
      <FileInput className={styles.fileInput} />
      <label htmlFor={OPEN_INPUT_ID} className={styles.openLabel}>
        <Icon name="open" size={15} />
        Open clip
      </label>
      <IconButton
        icon="undo"
        label="Undo"
        title="Undo (Ctrl+Z)"
        disabled={!canUndo}
        onClick={() => undo(studio)}
      />
      <IconButton
        icon="redo"
        label="Redo"
        title="Redo (Ctrl+Shift+Z)"
        disabled={!canRedo}
        onClick={() => redo(studio)}
      />
      {hasWork && (
        <div className={styles.modes}>
          <ModeSwitch />
        </div>
      )}
      <span className={styles.spacer} />
      <span className={styles.clipName} title={name}>
        {name}
      </span>
      {hasWork && (
        <IconButton
          icon="fresh"
          label="Start fresh"
          title="Start fresh: forget this session"
          onClick={onFresh}
        />
      )}
      <IconButton icon="keys" label="Keyboard keys" title="Keyboard keys (?)" onClick={onKeys} />
      <Button title="Choose or load the model that forecasts" onClick={onModels}>
        Model
      </Button>
      <Button onClick={onExport} disabled={!canExport}>
        <Icon name="save" size={15} />
        Export
      </Button>
    </header>
  );
}

/** One past, three futures. */
function Mark() {
  return (
    <svg
      width="22"
      height="22"
      viewBox="0 0 32 32"
      fill="none"
      strokeWidth="2.6"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M3 20c5 0 8-4 13-4" stroke="var(--past)" />
      <path d="M16 16c5 0 8-7 13-8M16 16c5 0 8 0 13-1M16 16c5 0 8 6 13 8" stroke="var(--future)" />
      <circle cx="16" cy="16" r="3" fill="#fff" />
    </svg>
  );
}

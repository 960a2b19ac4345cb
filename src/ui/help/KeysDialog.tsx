import { useStudio } from "../../store/studio.ts";
import { Dialog } from "../controls/Dialog.tsx";
import { Check } from "../controls/Panel.tsx";
import styles from "./help.module.css";
import { KEYMAP } from "./keymap.ts";

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const enabled = useStudio((s) => s.view.keysEnabled);
  const setView = useStudio((s) => s.setView);
  return (
    <Dialog title="Keyboard keys" onClose={onClose}>
      <dl className={styles.keys}>
        {KEYMAP.map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.foot}>
        <Check
          label="Single keys are on"
          checked={enabled}
          onChange={(keysEnabled) => setView({ keysEnabled })}
        />
      </div>
    </Dialog>
  );
}

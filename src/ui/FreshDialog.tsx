import { startFresh } from "../store/session/session.ts";
import { useStudioObject } from "../store/studio.ts";
import styles from "./app.module.css";
import { Button } from "./controls/Button.tsx";
import { Dialog } from "./controls/Dialog.tsx";

/** Asks before the session on screen, which a reload would bring back, is forgotten. */
export function FreshDialog({ onClose }: { readonly onClose: () => void }) {
  const studio = useStudioObject();
  return (
    <Dialog title="Start fresh?" onClose={onClose}>
      <p className={styles.dialogText}>
        The clip, its futures and the steps to undo are forgotten on this machine. Export first what
        you want to keep.
      </p>
      <div className={styles.dialogButtons}>
        <Button onClick={onClose}>Keep working</Button>
        <Button look="primary" onClick={() => void startFresh(studio)}>
          Forget and start fresh
        </Button>
      </div>
    </Dialog>
  );
}

import { findRelief } from "../../store/actions/relief.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import styles from "./export.module.css";

/** Before a format of space can be written: asks for the relief that it is written from. */
export function SpaceNeeded() {
  const studio = useStudioObject();
  const progress = useStudio((s) => s.reliefProgress);
  return (
    <p className={styles.note}>
      Where points and camera lie in space is told from the tracks.{" "}
      <Button look="primary" disabled={progress !== null} onClick={() => void findRelief(studio)}>
        {progress ? "Finding relief" : "Find relief"}
      </Button>
    </p>
  );
}

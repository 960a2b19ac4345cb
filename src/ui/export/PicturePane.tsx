import { useEffect, useRef, useState } from "react";
import type { Size } from "../../domain/clip.ts";
import { isCancelled } from "../../domain/errors.ts";
import { WAN_SIZES } from "../../formats/export/common/options.ts";
import { useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import type { ExportChoice } from "./choice.ts";
import styles from "./export.module.css";
import type { PictureTarget } from "./pictures/picture.ts";
import { SizeFields } from "./SizeFields.tsx";

interface Props {
  readonly picture: PictureTarget;
  readonly clipSize: Size;
  readonly choice: ExportChoice;
  readonly choose: (part: Partial<ExportChoice>) => void;
  readonly failure: string | null;
  readonly onFailure: (error: unknown) => void;
}

export function PicturePane({ picture, clipSize, choice, choose, failure, onFailure }: Props) {
  const studio = useStudioObject();
  const [progress, setProgress] = useState<number | null>(null);
  const job = useRef<AbortController | null>(null);
  useEffect(() => () => job.current?.abort(), []);
  const save = async () => {
    job.current = new AbortController();
    setProgress(0);
    try {
      await picture.save(studio, choice, job.current.signal, setProgress);
    } catch (error) {
      if (!isCancelled(error)) onFailure(error);
    } finally {
      setProgress(null);
    }
  };
  return (
    <div className={styles.pane}>
      <p className={styles.about}>{picture.description}</p>
      {picture.sized && (
        <div className={styles.fields}>
          <SizeFields choice={choice} choose={choose} clipSize={clipSize} presets={WAN_SIZES} />
        </div>
      )}
      {picture.note && <p className={styles.note}>{picture.note}</p>}
      <div className={styles.foot}>
        <p className={styles.problem} role="alert">
          {failure}
        </p>
        {progress !== null && picture.slow && (
          <>
            <progress max={1} value={progress} aria-label="Video made so far" />
            <Button onClick={() => job.current?.abort()}>Stop</Button>
          </>
        )}
        <Button look="primary" disabled={progress !== null} onClick={() => void save()}>
          Download
        </Button>
      </div>
    </div>
  );
}

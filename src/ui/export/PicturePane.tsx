import { useEffect, useRef, useState } from "react";
import type { Size } from "../../domain/clip.ts";
import { isCancelled } from "../../domain/errors.ts";
import { WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import { checkedSize } from "../../formats/export/common/prepare.ts";
import { playhead } from "../../store/playhead.ts";
import { selectDocument, studio } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import { stageHandle } from "../stage/stageHandle.ts";
import { type ExportChoice, sizeOf } from "./choice.ts";
import styles from "./export.module.css";
import { framePng } from "./pictures.ts";
import { SizeFields } from "./SizeFields.tsx";
import { saveBlob, saveBytes } from "./save.ts";
import type { PictureInfo } from "./targets.ts";

const WORKING_SIZE = { width: WORKING_WIDTH, height: WORKING_HEIGHT };

interface Props {
  readonly picture: PictureInfo;
  readonly clipSize: Size;
  readonly choice: ExportChoice;
  readonly choose: (part: Partial<ExportChoice>) => void;
  readonly failure: string | null;
  readonly onFailure: (error: unknown) => void;
}

export function PicturePane({ picture, clipSize, choice, choose, failure, onFailure }: Props) {
  const [progress, setProgress] = useState<number | null>(null);
  const job = useRef<AbortController | null>(null);
  useEffect(() => () => job.current?.abort(), []);
  const save = async () => {
    job.current = new AbortController();
    setProgress(0);
    try {
      await savePicture(picture, choice, job.current.signal, setProgress);
    } catch (error) {
      if (!isCancelled(error)) onFailure(error);
    } finally {
      setProgress(null);
    }
  };
  return (
    <div className={styles.pane}>
      <p className={styles.about}>{picture.description}</p>
      {picture.name === "now-png" && (
        <div className={styles.fields}>
          <SizeFields choice={choice} choose={choose} clipSize={clipSize} />
        </div>
      )}
      {picture.name === "overlay-video" && (
        <p className={styles.note}>
          Drawn as the stage shows it, over the loop range where one is marked, else the whole
          timeline.
        </p>
      )}
      <div className={styles.foot}>
        <p className={styles.problem} role="alert">
          {failure}
        </p>
        {progress !== null && picture.name === "overlay-video" && (
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

async function savePicture(
  picture: PictureInfo,
  choice: ExportChoice,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<void> {
  const { origin, clipId } = selectDocument(studio());
  const stem = (origin?.clip.name ?? "clip").replace(/\.[^.]*$/, "");
  if (picture.name === "now-png") {
    const size = checkedSize(sizeOf(choice) ?? WORKING_SIZE);
    const png = await framePng(clipId, origin?.nowIndex ?? 0, size, { signal });
    saveBytes(png, `${stem}-now.png`, "image/png");
    return;
  }
  const stage = stageHandle();
  if (picture.name === "view-png") {
    const canvas = await stage.drawFrame(playhead.get());
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!blob) throw new Error("the browser made no picture");
    saveBlob(blob, `${stem}-view.png`);
    return;
  }
  const { recordOverlay } = await import("./overlayVideo.ts");
  const { blob, extension } = await recordOverlay(stage, signal, onProgress);
  saveBlob(blob, `${stem}-overlay.${extension}`);
}

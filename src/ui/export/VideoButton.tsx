import { useEffect, useRef, useState } from "react";
import { isCancelled } from "../../domain/errors.ts";
import type { MovingPicture } from "../../formats/export/common/format.ts";
import { Button } from "../controls/Button.tsx";
import { saveBlob } from "./save.ts";

interface Props {
  readonly disabled: boolean;
  readonly moving: () => MovingPicture | null;
  /** Of the file, without its ending. */
  readonly name: string;
  readonly onSaved: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** Saves a format of pictures as a video; while it is made, shows how far and stops on demand. */
export function VideoButton({ disabled, moving, name, onSaved, onFailure }: Props) {
  const [progress, setProgress] = useState<number | null>(null);
  const job = useRef<AbortController | null>(null);
  useEffect(() => () => job.current?.abort(), []);
  const save = async () => {
    const controller = new AbortController();
    job.current = controller;
    setProgress(0);
    try {
      const pictures = moving();
      if (!pictures) return;
      const { recordPictures } = await import("./videoOutput.ts");
      const { blob, extension } = await recordPictures(pictures, controller.signal, setProgress);
      saveBlob(blob, `${name}.${extension}`);
      onSaved();
    } catch (error) {
      if (!isCancelled(error)) onFailure(error);
    } finally {
      setProgress(null);
    }
  };
  if (progress === null) {
    return (
      <Button disabled={disabled} onClick={() => void save()}>
        Download MP4
      </Button>
    );
  }
  return (
    <>
      <progress max={1} value={progress} aria-label="Video made so far" />
      <Button onClick={() => job.current?.abort()}>Stop</Button>
    </>
  );
}

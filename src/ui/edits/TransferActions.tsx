import { useRef } from "react";
import type { Motion } from "../../domain/edits/motion.ts";
import { showError } from "../../store/actions/notices.ts";
import { layMotion, motionOfClip, trackedClips } from "../../store/actions/transfers.ts";
import { selectView, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import styles from "./edits.module.css";
import { motionOfFile } from "./motionFile.ts";

const FILES = ".json,.npy,.npz,.csv,.txt,.safetensors,.pkl,.pt";
const FROM_FILE = "file";

/** Lays the motion of another clip or of a file of tracks over this picture, or over the picked points. */
export function TransferActions() {
  const studio = useStudioObject();
  const picked = useStudio((s) => selectView(s).selectedPoints);
  const isChosen = useStudio((s) => s.tool === "transfer");
  const source = useStudio((s) => s.transferFrom);
  const box = useStudio((s) => s.transferBox);
  const field = useRef<HTMLInputElement>(null);
  // What undo can reach changes with every step.
  useStudio((s) => s.history);
  const clips = trackedClips(studio);
  if (!isChosen) return null;
  const known = clips.find(({ historyId }) => historyId === source) ?? clips[0];
  const isFile = source === FROM_FILE || !known;
  const lay = (motion: Motion | null) => {
    if (motion) void layMotion(studio, motion, { box, points: picked });
    studio.state.setTransfer({ transferBox: null });
  };
  const where = box ? "the box" : picked.length > 0 ? "the picked points" : "the whole picture";
  return (
    <fieldset className={styles.picked}>
      <legend className="visually-hidden">Transfer</legend>
      <label className={styles.cell}>
        <span>Motion of</span>
        <select
          className={controls.select}
          value={isFile ? FROM_FILE : known.historyId}
          onChange={({ currentTarget }) =>
            studio.state.setTransfer({ transferFrom: currentTarget.value })
          }
        >
          {clips.map(({ historyId, name }) => (
            <option key={historyId} value={historyId}>
              {name}
            </option>
          ))}
          <option value={FROM_FILE}>a file of tracks…</option>
        </select>
      </label>
      <Button
        look="quiet"
        title="A box drawn with this tool, else the picked points, else all of the picture"
        onClick={() => (isFile ? field.current?.click() : lay(motionOfClip(studio, known)))}
      >
        {`Lay over ${where}`}
      </Button>
      <input
        ref={field}
        type="file"
        accept={FILES}
        className="visually-hidden"
        aria-label="File of tracks whose motion is laid over this picture"
        tabIndex={-1}
        onChange={async ({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          currentTarget.value = "";
          if (!file) return;
          try {
            lay(await motionOfFile(studio, file));
          } catch (error) {
            showError(studio, error);
          }
        }}
      />
    </fieldset>
  );
}

import { useEffect, useRef, useState } from "react";
import type { Frame } from "../../domain/clip.ts";
import type { Motion } from "../../domain/edits/motion.ts";
import { TRACK_ENDINGS } from "../../formats/import/common/sniff.ts";
import { showError } from "../../store/actions/notices.ts";
import {
  layMotion,
  motionOfClip,
  pictureOfClip,
  type TrackedClip,
  trackedClips,
} from "../../store/actions/transfers.ts";
import { selectDocument, selectView, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import styles from "./edits.module.css";
import { MatchPoints } from "./MatchPoints.tsx";
import { motionOfFile } from "./motionFile.ts";

const FROM_FILE = "file";

/** A motion whose places are being matched with those of the picture on the stage. */
interface Matching {
  readonly motion: Motion;
  readonly picture: Frame | null;
  /** Key of the past that the picture on the stage ends. */
  readonly onto: string | undefined;
}

/** Lays the motion of another clip or of a file of tracks over this picture, or over the picked points. */
export function TransferActions() {
  const studio = useStudioObject();
  const picked = useStudio((s) => selectView(s).selectedPoints);
  const isChosen = useStudio((s) => s.tool === "transfer");
  const source = useStudio((s) => s.transferFrom);
  const box = useStudio((s) => s.transferBox);
  const onto = useStudio((s) => selectDocument(s).origin?.historyId);
  const field = useRef<HTMLInputElement>(null);
  /** Whether the file that is being chosen is to be matched. */
  const matchesFile = useRef(false);
  const [matching, setMatching] = useState<Matching | null>(null);
  // What undo can reach changes with every step.
  useStudio((s) => s.history);
  // Pairs tell places of one picture: with it, or with this panel, they and their rings on the stage go.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another past is another picture
  useEffect(() => {
    return () => {
      studio.state.setTransfer({ transferPairs: [], transferPlace: null });
      setMatching(null);
    };
  }, [studio, onto]);
  const clips = trackedClips(studio);
  if (!isChosen) return null;
  const known = clips.find(({ historyId }) => historyId === source) ?? clips[0];
  const isFile = source === FROM_FILE || !known;
  const lay = (motion: Motion | null) => {
    if (motion) void layMotion(studio, motion, { box, points: picked });
    studio.state.setTransfer({ transferBox: null });
  };
  const endMatching = () => {
    studio.state.setTransfer({ transferPairs: [], transferPlace: null });
    setMatching(null);
  };
  const match = async (motion: Motion | null, clip: TrackedClip | null) => {
    if (!motion) return;
    endMatching();
    setMatching({ motion, picture: null, onto });
    // Without a picture its tracks tell where things are.
    const picture = clip && (await pictureOfClip(studio, clip).catch(() => null));
    setMatching((now) => (now?.motion === motion ? { motion, picture, onto } : now));
  };
  const chooseFile = (isMatched: boolean) => {
    matchesFile.current = isMatched;
    field.current?.click();
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
        onClick={() => (isFile ? chooseFile(false) : lay(motionOfClip(studio, known)))}
      >
        {`Lay over ${where}`}
      </Button>
      <Button
        look="quiet"
        title="Say by clicks which place of the source belongs where"
        onClick={() => (isFile ? chooseFile(true) : void match(motionOfClip(studio, known), known))}
      >
        Match points
      </Button>
      <input
        ref={field}
        type="file"
        accept={TRACK_ENDINGS}
        className="visually-hidden"
        aria-label="File of tracks whose motion is laid over this picture"
        tabIndex={-1}
        onChange={async ({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          currentTarget.value = "";
          if (!file) return;
          try {
            const motion = await motionOfFile(studio, file);
            if (matchesFile.current) await match(motion, null);
            else lay(motion);
          } catch (error) {
            showError(studio, error);
          }
        }}
      />
      {matching && matching.onto === onto && (
        <MatchPoints
          {...matching}
          onCancel={endMatching}
          onLay={(pairs) => {
            void layMotion(studio, matching.motion, { pairs, points: picked });
            endMatching();
          }}
        />
      )}
    </fieldset>
  );
}

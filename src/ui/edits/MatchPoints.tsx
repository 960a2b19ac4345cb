import { useEffect, useRef } from "react";
import type { Frame } from "../../domain/clip.ts";
import type { Motion } from "../../domain/edits/motion.ts";
import type { Pair } from "../../domain/edits/placing.ts";
import { selectEditScene } from "../../store/actions/edits.ts";
import { matchPlace } from "../../store/actions/transfers.ts";
import { selectGeometry, selectView, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import styles from "./edits.module.css";
import { drawSource } from "./matchSheet.ts";
import { PairCells } from "./PairCells.tsx";

interface Props {
  readonly motion: Motion;
  /** The picture that the motion begins in; null where there is none. */
  readonly picture: Frame | null;
  onLay(pairs: readonly Pair[]): void;
  onCancel(): void;
}

/** Places of the source and where they belong on the stage: clicked one after the other, or typed. */
export function MatchPoints({ motion, picture, onLay, onCancel }: Props) {
  const studio = useStudioObject();
  const { width, height } = useStudio(selectGeometry);
  const pairs = useStudio((s) => s.transferPairs);
  const place = useStudio((s) => s.transferPlace);
  const [picked] = useStudio((s) => selectView(s).selectedPoints);
  const sheet = useRef<HTMLCanvasElement>(null);
  const { setTransfer } = studio.state;
  useEffect(() => {
    const context = sheet.current?.getContext("2d");
    if (context) drawSource(context, { width, height }, { motion, picture, pairs, place });
  }, [motion, picture, pairs, place, width, height]);
  useEffect(() => {
    // Newer browsers answer with a promise, which React would call when the panel goes.
    void sheet.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <div className={styles.match}>
      <button
        type="button"
        aria-label={`Source, ${motion.from}: click a place, then its partner on the stage`}
        onClick={({ currentTarget, clientX, clientY, detail }) => {
          const box = currentTarget.getBoundingClientRect();
          // Keys press without a place: the middle stands for one.
          const [u, v] =
            detail === 0
              ? [0.5, 0.5]
              : [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
          setTransfer({ transferPlace: [u * width - 0.5, v * height - 0.5] });
        }}
      >
        <canvas ref={sheet} width={width} height={height} />
      </button>
      <p className={styles.hint}>
        {place
          ? "Now click on the stage where that place belongs, or take the picked point."
          : "Click a place of the source, then where it belongs on the stage: one pair moves the motion there, two turn and scale it, more bend it."}
      </p>
      {place && (
        <Button
          look="quiet"
          disabled={picked === undefined}
          title="The place belongs at the picked point"
          onClick={() => {
            const { startN2 = null } = selectEditScene(studio.state, studio) ?? {};
            if (startN2 && picked !== undefined) {
              matchPlace(studio, [startN2[2 * picked], startN2[2 * picked + 1]]);
            }
          }}
        >
          At the picked point
        </Button>
      )}
      <PairCells pairs={pairs} onChange={(next) => setTransfer({ transferPairs: next })} />
      <div className={styles.actions}>
        <Button
          look="quiet"
          disabled={pairs.length === 0}
          title="Onto the picked points only, where any are picked"
          onClick={() => onLay(pairs)}
        >
          {pairs.length === 1 ? "Lay by 1 pair" : `Lay by ${pairs.length} pairs`}
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

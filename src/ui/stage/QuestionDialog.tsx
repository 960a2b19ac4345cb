import { useState } from "react";
import app from "../app.module.css";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { Dialog } from "../controls/Dialog.tsx";
import styles from "./question.module.css";
import { type Question, useQuestion } from "./question.ts";

/** Which of several clips, or a clip of numbered pictures. */
export function QuestionDialog() {
  const asked = useQuestion((s) => s.asked);
  if (!asked) return null;
  return <Choices key={asked.question.clips.length} {...asked} />;
}

function Choices({
  question,
  answer,
}: NonNullable<ReturnType<typeof useQuestion.getState>["asked"]>) {
  const { clips, series } = question;
  const [rate, setRate] = useState("24");
  const value = Number(rate);
  const isRate = value > 0 && value <= 1000;
  return (
    <Dialog title={titleOf(question)} onClose={() => answer(null)}>
      {series.length > 0 && (
        <form
          className={styles.series}
          onSubmit={(event) => {
            event.preventDefault();
            if (isRate) answer({ kind: "series", pictures: series, rate: value });
          }}
        >
          <p>
            {series.length} numbered pictures, {series[0].name} to {series[series.length - 1].name},
            as one clip at
          </p>
          <label>
            <input
              className={controls.number}
              type="number"
              min={0.1}
              max={1000}
              step="any"
              aria-label="Frames a second"
              value={rate}
              onChange={(event) => setRate(event.currentTarget.value)}
            />{" "}
            frames a second
          </label>
          <Button type="submit" look="primary" disabled={!isRate}>
            Make a clip
          </Button>
        </form>
      )}
      <ul className={styles.clips}>
        {[...clips, ...series.slice(0, 1)].map((clip) => (
          <li key={clip.name}>
            <Button onClick={() => answer({ kind: "clip", clip })}>Open {clip.name} alone</Button>
          </li>
        ))}
      </ul>
      <div className={app.dialogButtons}>
        <Button look="quiet" onClick={() => answer(null)}>
          Open nothing
        </Button>
      </div>
    </Dialog>
  );
}

function titleOf({ clips, series }: Question): string {
  if (series.length === 0) return `Which of ${clips.length} clips?`;
  return clips.length === 0 ? "Numbered pictures" : "Pictures and clips";
}

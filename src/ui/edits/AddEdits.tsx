import type { Edit } from "../../domain/edits.ts";
import { POINT_COUNT } from "../../domain/grid.ts";
import { addCamera } from "../../store/actions/cameras.ts";
import {
  addBody,
  addDrag,
  addPin,
  holdBorder,
  selectEditingGap,
} from "../../store/actions/edits.ts";
import { selectMiddlePicked } from "../../store/actions/picked.ts";
import { pickSubject } from "../../store/actions/subject.ts";
import { addWish } from "../../store/actions/wishes.ts";
import { type Studio, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import styles from "./edits.module.css";

interface Addition {
  readonly label: string;
  readonly title: string;
  /** `point`: the picked one, of several the middle one; null where none is. */
  add(studio: Studio, point: number | null): Edit | null;
}

const MIDDLE = Math.floor(POINT_COUNT / 2);

/** Edits that are made without a gesture: numbers take them from there. */
const ADDITIONS: readonly Addition[] = [
  {
    label: "Add drag",
    title: "Drags what is around the picked point, or the middle one: set the numbers",
    add: (studio, point) => addDrag(studio, point ?? MIDDLE),
  },
  {
    label: "Add pin",
    title: "Pins the picked point, or the middle one, where it is: then set the numbers",
    add: (studio, point) => addPin(studio, point ?? MIDDLE),
  },
  {
    label: "Hold border",
    title: "Keeps the points at the border of the picture where they are",
    add: (studio) => holdBorder(studio),
  },
  {
    label: "Add camera",
    title: "Moves the camera: choose the move and set its numbers",
    add: (studio, point) => addCamera(studio, point ?? undefined),
  },
  {
    label: "Add body",
    title: "A ball, cylinder or card around the picked point, or the middle one: set how it turns",
    add: (studio, point) => addBody(studio, point ?? MIDDLE),
  },
  {
    label: "Add wish",
    title: "Wishes that the picked points, or the middle one, stay in a box: set the numbers",
    add: (studio, point) => addWish(studio, point ?? MIDDLE),
  },
];

export function AddEdits() {
  const studio = useStudioObject();
  const gap = useStudio(selectEditingGap);
  return (
    <div className={styles.adds}>
      {ADDITIONS.map(({ label, title, add }) => (
        <Button
          key={label}
          look="quiet"
          disabled={gap !== null}
          title={gap ?? title}
          onClick={() => {
            const edit = add(studio, selectMiddlePicked(studio.state, studio));
            if (edit) studio.state.selectEdit(edit.id);
          }}
        >
          {label}
        </Button>
      ))}
      {studio.ports.subject && (
        <Button
          look="quiet"
          disabled={gap !== null}
          title={
            gap ??
            "Picks the points on what the picture seems to be of: a guess, to hold, drag or change"
          }
          onClick={() => void pickSubject(studio)}
        >
          Pick subject
        </Button>
      )}
    </div>
  );
}

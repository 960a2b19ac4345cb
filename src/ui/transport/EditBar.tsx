import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { type Edit, withFrames } from "../../domain/edits.ts";
import { putEdit } from "../../store/actions/edits.ts";
import { commitGesture } from "../../store/actions/gestures.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import { useKeptInView } from "../controls/useKeptInView.ts";
import { at } from "./at.ts";
import { type BarPart, type Frames, pulledFrames } from "./editBars.ts";
import styles from "./editsLane.module.css";

interface Props {
  readonly edit: Edit;
  readonly row: number;
  /** Frame of the timeline at which the horizon starts. */
  readonly start: number;
  readonly total: number;
  /** Of the horizon. */
  readonly frameCount: number;
}

/** Less than this from down to up is a click, px. */
const DRAG_SLOP_PX = 3;

interface Pull {
  readonly part: BarPart;
  readonly downX: number;
  readonly pxPerFrame: number;
  frames: Frames | null;
}

/** One edit in time: dragged, trimmed at its ends, or moved by keys; a click points it out. */
export function EditBar({ edit, row, start, total, frameCount }: Props) {
  const studio = useStudioObject();
  const isSelected = useStudio((s) => s.selectedEdit === edit.id);
  const place = useKeptInView<HTMLLIElement>(isSelected);
  const pull = useRef<Pull | null>(null);
  /** A pull ends with a click of the browser's, which points out nothing. */
  const swallowsClick = useRef(false);
  const [pulled, setPulled] = useState<Frames | null>(null);
  const [first, last] = pulled ?? edit.frames;

  const drop = () => {
    pull.current = null;
    setPulled(null);
    studio.state.setPreview(null);
  };
  useEffect(() => {
    if (!pulled) return;
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      pull.current = null;
      setPulled(null);
      studio.state.setPreview(null);
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [pulled, studio]);

  const onDown = (event: PointerEvent<HTMLButtonElement>) => {
    swallowsClick.current = false;
    if (event.button !== 0 || pull.current) return drop();
    const lane = event.currentTarget.parentElement?.parentElement;
    const part = event.target instanceof HTMLElement ? event.target.dataset.part : undefined;
    pull.current = {
      part: part === "first" || part === "last" ? part : "whole",
      downX: event.clientX,
      pxPerFrame: (lane?.clientWidth ?? 0) / Math.max(1, total - 1),
      frames: null,
    };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onMove = ({ clientX }: PointerEvent) => {
    const held = pull.current;
    if (!held || held.pxPerFrame <= 0) return;
    const px = clientX - held.downX;
    if (!held.frames && Math.abs(px) < DRAG_SLOP_PX) return;
    const frames = pulledFrames(edit.frames, held.part, px / held.pxPerFrame, frameCount);
    held.frames = frames;
    swallowsClick.current = true;
    setPulled(frames);
    studio.state.setPreview(withFrames(edit, frames));
  };
  const onUp = () => {
    const frames = pull.current?.frames;
    if (frames && !isSame(frames, edit.frames)) {
      void commitGesture(studio, withFrames(edit, frames));
      studio.state.selectEdit(edit.id);
    }
    drop();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const part = event.altKey ? "first" : event.shiftKey ? "last" : "whole";
    const frames = pulledFrames(edit.frames, part, by, frameCount);
    if (!isSame(frames, edit.frames)) {
      putEdit(studio, withFrames(edit, frames), `edit:${edit.id}:frames`);
    }
  };

  return (
    <li ref={place} className={styles.place} style={barStyle(first, last, row, start, total)}>
      <button
        type="button"
        className={styles.bar}
        aria-pressed={isSelected}
        aria-label={`${edit.name}, ${framesWords(first, last)}`}
        aria-keyshortcuts={SHORTCUTS}
        title={`${edit.name}: drag to move, its ends to trim; arrows move it, with Shift they trim its end, with Alt its start`}
        data-off={!edit.on}
        onDoubleClick={() => {
          studio.state.selectEdit(edit.id);
          studio.state.renameEdit(edit.id);
        }}
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={drop}
        onKeyDown={onKeyDown}
        onClick={() => {
          if (!swallowsClick.current) studio.state.selectEdit(isSelected ? null : edit.id);
          swallowsClick.current = false;
        }}
      >
        <span className={styles.word}>{edit.name}</span>
        <i className={styles.end} data-part="first" />
        <i className={styles.end} data-part="last" />
      </button>
    </li>
  );
}

const SHORTCUTS =
  "ArrowLeft ArrowRight Shift+ArrowLeft Shift+ArrowRight Alt+ArrowLeft Alt+ArrowRight";

const isSame = ([a, b]: Frames, [c, d]: Frames) => a === c && b === d;

function framesWords(first: number, last: number): string {
  return first === last ? `frame ${first + 1}` : `frames ${first + 1} to ${last + 1}`;
}

function barStyle(first: number, last: number, row: number, start: number, total: number) {
  return { left: at(start + first, total), width: at(last - first, total), "--row": row };
}

import { useEffect, useState } from "react";
import { useStudioObject } from "../../store/studio.ts";
import { isTyping } from "../help/keymap.ts";
import { takeTransfer, tellNothingDropped } from "./intake.ts";

/** Takes files dropped or pasted anywhere on the page; true while something hovers over it. */
export function useIntake(): boolean {
  const studio = useStudioObject();
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const events = new AbortController();
    const { signal } = events;
    const over = (event: DragEvent) => {
      event.preventDefault();
      setDragging(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      setDragging(false);
      // Where a part of the page has taken it already.
      if (event.defaultPrevented) return;
      event.preventDefault();
      if (!takeTransfer(studio, event.dataTransfer)) tellNothingDropped(studio);
    };
    const paste = (event: ClipboardEvent) => {
      if (!isTyping(event.target) && takeTransfer(studio, event.clipboardData))
        event.preventDefault();
    };
    window.addEventListener("dragover", over, { signal });
    window.addEventListener("dragleave", leave, { signal });
    window.addEventListener("drop", drop, { signal });
    window.addEventListener("paste", paste, { signal });
    return () => events.abort();
  }, [studio]);
  return dragging;
}

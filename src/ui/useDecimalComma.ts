import { useEffect } from "react";

/**
 * Lets a comma separate decimals in the number fields of the page, typed or pasted. Chromium drops it
 * where its own language has none: 3,7 would be 37.
 */
export function useDecimalComma(): void {
  useEffect(() => {
    document.addEventListener("beforeinput", putPoint, true);
    return () => document.removeEventListener("beforeinput", putPoint, true);
  }, []);
}

function putPoint(event: InputEvent): void {
  const { data, target } = event;
  if (!(target instanceof HTMLInputElement) || target.type !== "number" || !data) return;
  const point = withPoint(data);
  if (point === data) return;
  event.preventDefault();
  // The one way to type into a number field at its caret that undo and the field's listeners see.
  document.execCommand("insertText", false, point);
}

/** `text` with its only comma as a point; as it is where the comma may group thousands. */
function withPoint(text: string): string {
  return /^[^.,]*,[^.,]*$/.test(text) ? text.replace(",", ".") : text;
}

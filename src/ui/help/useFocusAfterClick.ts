import { useEffect } from "react";

/**
 * After a click of the pointer the page's keys go on: a button or a choice that keeps the focus would take
 * Space and the arrows for itself. Whoever comes by Tab keeps the focus, and Tab goes on from the click.
 */
export function useFocusAfterClick(): void {
  useEffect(() => {
    let clicked: EventTarget | null = null;
    const release = () => {
      const focused = document.activeElement;
      if (focused instanceof HTMLElement && isPressed(focused, clicked)) focused.blur();
    };
    const hear = (event: MouseEvent) => {
      // Of keys and assistive technology: no click of a pointer is counted. A label's click is followed by
      // one of what it names, which has the focus by then: a key that comes at once finds it released.
      if (event.detail > 0) clicked = event.target;
      if (!clicked) return;
      if (event.target instanceof HTMLInputElement) release();
      // A button may open a dialog first, which gives the focus back to it.
      setTimeout(() => {
        release();
        clicked = null;
      });
    };
    window.addEventListener("click", hear);
    return () => window.removeEventListener("click", hear);
  }, []);
}

/** Whether the focus lies where the click was, on what is only pressed and has no keys of its own. */
function isPressed(focused: HTMLElement, target: EventTarget | null): boolean {
  if (!(target instanceof Node) || focused.closest("dialog")) return false;
  const isChoice =
    focused instanceof HTMLInputElement &&
    (focused.type === "radio" || focused.type === "checkbox");
  const isButton =
    focused instanceof HTMLButtonElement && !focused.hasAttribute("aria-keyshortcuts");
  const clicked = isChoice ? (focused.closest("label") ?? focused) : focused;
  return (isChoice || isButton) && clicked.contains(target);
}

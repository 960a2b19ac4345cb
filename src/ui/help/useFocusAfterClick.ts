import { useEffect } from "react";

/**
 * After a click of the pointer the page's keys go on: a button or a choice that keeps the focus would take
 * Space and the arrows for itself. Whoever comes by Tab keeps the focus, and Tab goes on from the click.
 */
export function useFocusAfterClick(): void {
  useEffect(() => {
    const release = (event: MouseEvent) => {
      // Of keys and assistive technology: no click of a pointer is counted.
      if (event.detail === 0) return;
      // A label hands the focus on after its click has been heard.
      setTimeout(() => {
        const focused = document.activeElement;
        if (focused instanceof HTMLElement && isPressed(focused, event.target)) focused.blur();
      });
    };
    window.addEventListener("click", release);
    return () => window.removeEventListener("click", release);
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

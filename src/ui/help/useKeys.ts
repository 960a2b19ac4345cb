import { useEffect } from "react";
import { useStudioObject } from "../../store/studio.ts";
import { asksForHelp, isControlKey, isTyping, KEYMAP } from "./keymap.ts";

/** Single-key shortcuts for the whole page; quiet in text fields, dialogs and when switched off. */
export function useKeys(showHelp: () => void): void {
  const studio = useStudioObject();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const modified = event.ctrlKey || event.metaKey;
      if (event.defaultPrevented || isTyping(event.target) || isControlKey(event)) return;
      if (document.querySelector("dialog[open]")) return;
      if (!modified && !studio.state.view.keysEnabled) return;
      if (asksForHelp(event)) {
        event.preventDefault();
        showHelp();
        return;
      }
      const binding = KEYMAP.find((candidate) => candidate.matches(event));
      if (!binding) return;
      event.preventDefault();
      binding.run(studio, event);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [studio, showHelp]);
}

import { useEffect } from "react";
import { useStudio } from "../store/studio.ts";

/**
 * Asks before the page closes, only while it holds a forecast that was neither
 * exported nor kept for the next visit.
 */
export function useUnloadGuard(): void {
  const unsaved = useStudio((s) => s.unsaved && s.keeping !== "kept");
  useEffect(() => {
    if (!unsaved) return;
    const guard = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", guard);
    return () => window.removeEventListener("beforeunload", guard);
  }, [unsaved]);
}

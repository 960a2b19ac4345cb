import { ForetrackError } from "../../domain/errors.ts";
import type { Studio } from "../studio.ts";

/** Shows a failure once, with what to do about it. */
export function showError(studio: Studio, error: unknown): void {
  const notice =
    error instanceof ForetrackError
      ? { kind: "error" as const, message: error.message, remedy: error.remedy }
      : {
          kind: "error" as const,
          message: error instanceof Error ? error.message : String(error),
          remedy: "Your work is untouched. Try again; if it repeats, reload the page.",
        };
  studio.state.setRun({ notice, status: notice.message });
}

export function dismissNotice(studio: Studio): void {
  studio.state.setRun({ notice: null });
}

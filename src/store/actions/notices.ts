import { ForetrackError } from "../../domain/errors.ts";
import { studio } from "../studio.ts";

/** Shows a failure once, with what to do about it. */
export function showError(error: unknown): void {
  const notice =
    error instanceof ForetrackError
      ? { kind: "error" as const, message: error.message, remedy: error.remedy }
      : {
          kind: "error" as const,
          message: error instanceof Error ? error.message : String(error),
          remedy: "Your work is untouched. Try again; if it repeats, reload the page.",
        };
  studio().setRun({ notice, status: notice.message });
}

export function dismissNotice(): void {
  studio().setRun({ notice: null });
}

import { ForetrackError } from "../../domain/errors.ts";

/** A failure in words, with what to do about it. */
export function explain(error: unknown): string {
  if (error instanceof ForetrackError) {
    return `${error.message.replace(/\.$/, "")}. ${error.remedy}`;
  }
  return `It could not be saved: ${error instanceof Error ? error.message : String(error)}`;
}

import type { Pick } from "../../viewport/pick.ts";

/** What lies under the pointer, and where that is. */
export interface Hover {
  readonly pick: Pick;
  /** CSS px from the stage's upper left corner. */
  readonly x: number;
  readonly y: number;
}

import type { Studio } from "../../../store/studio.ts";
import type { ExportChoice } from "../choice.ts";

/** A picture or video that the dialog saves: what it says, asks and makes. */
export interface PictureTarget {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** True where the user chooses the size. */
  readonly sized?: true;
  readonly note?: string;
  /** True where it takes long enough to be shown on its way and to be stopped. */
  readonly slow?: true;
  /**
   * Makes it and hands it to the browser's download.
   * @throws CancelledError when `signal` says so; any error with what to do about it.
   */
  save(
    studio: Studio,
    choice: ExportChoice,
    signal: AbortSignal,
    onProgress: (share: number) => void,
  ): Promise<void>;
}

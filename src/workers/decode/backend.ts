import type { ClipInfo } from "../../domain/clip.ts";
import type { Job } from "../../domain/job.ts";
import type { Picture } from "../../engine/picture/picture.ts";
import type { SourceClip } from "./source.ts";

/** One way to decode an opened file. */
export interface Backend {
  readonly source: SourceClip;
  readonly decodedBy: ClipInfo["decodedBy"];
  /**
   * Decodes the native frames `nativeIndices` (ascending, no repeats) in order. A picture is only
   * valid during the call. What cannot be decoded shows the picture before it.
   */
  pictures(nativeIndices: readonly number[], onPicture: OnPicture, job: Job): Promise<void>;
  close(): void;
}

/** `position` counts within the indices asked for. */
export type OnPicture = (position: number, picture: Picture) => void;

import type { SerializedError } from "../../domain/errors.ts";
import type { ImportClip } from "../../formats/import/common/inspect.ts";
import type {
  ImportChoices,
  ImportedTracks,
  TrackInspection,
} from "../../formats/import/common/types.ts";

/** Page to worker. One worker serves one file, or several .npy: `open` comes first. Requests are answered in order. */
export type TracksFileRequest =
  | {
      readonly kind: "open";
      readonly id: number;
      readonly files: readonly File[];
      readonly clip: ImportClip;
    }
  /** The proposal for another array of the file. */
  | { readonly kind: "inspect"; readonly id: number; readonly tracks: string }
  | { readonly kind: "read"; readonly id: number; readonly choices: ImportChoices };

/** Worker to page; `id` names the request. */
export type TracksFileReply =
  | { readonly kind: "inspected"; readonly id: number; readonly inspection: TrackInspection }
  | { readonly kind: "imported"; readonly id: number; readonly imported: ImportedTracks }
  | { readonly kind: "failed"; readonly id: number; readonly error: SerializedError };

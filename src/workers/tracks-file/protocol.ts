import type { ImportClip } from "../../formats/import/common/inspect.ts";
import type {
  ImportChoices,
  ImportedTracks,
  TrackInspection,
} from "../../formats/import/common/types.ts";
import type { Operation } from "../channel/protocol.ts";

/** One file of tracks, or one of several .npy that belong together. */
export interface NamedFile {
  readonly name: string;
  readonly blob: Blob;
}

/** `open` comes first; calls are answered in order. */
export type TracksFileOperations = {
  readonly open: Operation<
    { readonly files: readonly NamedFile[]; readonly clip: ImportClip },
    TrackInspection
  >;
  /** The proposal for another array of the file. */
  readonly inspect: Operation<{ readonly tracks: string }, TrackInspection>;
  readonly read: Operation<{ readonly choices: ImportChoices }, ImportedTracks>;
};

import type { ClipInfo, Size, WorkingOptions } from "../../domain/clip.ts";
import type { SerializedError } from "../../domain/errors.ts";
import type { Progress } from "../../domain/job.ts";
import type { FfmpegSource } from "./ffmpeg/probe.ts";

/** What a restarted worker need not find out or load again. */
export interface Resume {
  readonly ffmpeg: FfmpegSource;
  readonly core: WebAssembly.Module;
}

/** Page to worker. One worker serves one clip: `open` comes first, then any number of reads. */
export type DecodeRequest =
  | {
      readonly kind: "open";
      readonly id: number;
      readonly file: Blob;
      readonly name: string;
      readonly options: WorkingOptions;
      /** Take no other way; for measurements and tests. */
      readonly only: ClipInfo["decodedBy"] | undefined;
      readonly core: WebAssembly.Module | undefined;
      readonly resume: FfmpegSource | undefined;
      /** When the working frames are due, where an earlier thread has told the page already. */
      readonly frameTimesSecs: Float64Array | undefined;
    }
  | {
      readonly kind: "read";
      readonly id: number;
      readonly start: number;
      readonly end: number;
      readonly size: Size;
    }
  | { readonly kind: "cancel"; readonly id: number };

/** Worker to page; `id` names the request. */
export type DecodeReply =
  | {
      readonly kind: "opened";
      readonly id: number;
      readonly info: ClipInfo;
      readonly resume?: Resume;
    }
  | {
      readonly kind: "frame";
      readonly id: number;
      readonly index: number;
      readonly rgba: Uint8ClampedArray<ArrayBuffer>;
    }
  | { readonly kind: "progress"; readonly id: number; readonly progress: Progress }
  /** Sent now and then. `blocks`: ffmpeg runs, which keeps the thread from saying so more often. */
  | { readonly kind: "alive"; readonly blocks: boolean }
  | { readonly kind: "done"; readonly id: number }
  | { readonly kind: "failed"; readonly id: number; readonly error: SerializedError };

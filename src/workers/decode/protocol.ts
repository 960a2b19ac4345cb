import type { ClipInfo, Size, WorkingOptions } from "../../domain/clip.ts";
import type { PlanarPicture } from "../../domain/planar-picture.ts";
import type { Operation } from "../channel/protocol.ts";
import type { FfmpegSource } from "./ffmpeg/probe.ts";

/** What a restarted worker need not find out or load again. */
export interface Resume {
  readonly ffmpeg: FfmpegSource;
  readonly core: WebAssembly.Module;
}

export interface OpenRequest {
  readonly file: Blob;
  readonly name: string;
  readonly options: WorkingOptions;
  /** Decode by no other means; for measurements and tests. */
  readonly only: ClipInfo["decodedBy"] | undefined;
  readonly core: WebAssembly.Module | undefined;
  readonly resume: FfmpegSource | undefined;
  /** When the working frames are due, where an earlier thread has told the page already. */
  readonly frameTimesSecs: Float64Array | undefined;
}

/** `resume` is there once ffmpeg decodes the clip. */
export interface OpenedClip {
  readonly info: ClipInfo;
  /** As of an open clip. */
  readonly groupStarts?: readonly number[] | undefined;
  readonly resume?: Resume;
}

export const WANTED = { rgba: 1, planar: 2 } as const;

/** Working frames [start, end), fitted to `size`. */
export interface ReadRequest {
  readonly start: number;
  readonly end: number;
  readonly size: Size;
  /** Of each frame from `start` on: the forms in which its picture is wanted, `WANTED` added up. */
  readonly wanted: Uint8Array;
  readonly wantsLuma: boolean;
}

export type ReadEvent =
  /** Told of every frame, in order, with what is wanted of it. */
  | {
      readonly kind: "frame";
      readonly index: number;
      readonly rgba?: Uint8ClampedArray | undefined;
      readonly planar?: PlanarPicture | undefined;
      readonly gray?: Uint8Array | undefined;
    }
  /** The browser's decoder has given up in the middle; ffmpeg goes on. */
  | { readonly kind: "fallback"; readonly opened: OpenedClip };

/** One worker serves one clip: `open` comes first, then any number of reads. */
export type DecodeOperations = {
  readonly open: Operation<OpenRequest, OpenedClip>;
  readonly read: Operation<ReadRequest, undefined, ReadEvent>;
};

import { z } from "zod";
import type { SerializedError } from "../../domain/errors.ts";

/**
 * What `serve` reads and writes: one JSON object a line, described for users in `SERVE.md`. The number
 * changes with anything that a program written for the number before would stumble over.
 */
export const PROTOCOL = 1;

const now = z.union([
  z.literal("middle"),
  z.strictObject({ secs: z.number().min(0) }),
  z.strictObject({ share: z.number().min(0).max(1) }),
  z.strictObject({ frame: z.int().min(0) }),
  /** One "now" in the middle of each so many seconds. */
  z.strictObject({ every: z.number().gt(0) }),
]);

export type NowSpec = z.infer<typeof now>;

const product = z.string().regex(/^(tracks|trajloom|relief|futures|export:[a-z0-9-]+)$/);
const id = z.union([z.int(), z.string().max(200)]);

const make = z.strictObject({
  id,
  do: z.literal("make"),
  clip: z.string().min(1),
  /** Exists, or is made; files that it holds are replaced. */
  folder: z.string().min(1),
  make: z.array(product).min(1),
  now: z.array(now).min(1).default(["middle"]),
  fps: z.union([z.literal("native"), z.number().gt(0)]).optional(),
  fit: z.enum(["cover", "letterbox"]).default("cover"),
  futures: z.int().min(1).max(64).default(8),
  seed: z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER - 64)
    .default(1),
  solver: z.string().optional(),
  steps: z.int().min(1).max(1000).optional(),
  time_shift: z.number().gt(0).optional(),
  source: z.enum(["released", "paper"]).optional(),
  /** Whether the camera of a photo's futures is let go. */
  camera: z.enum(["held", "free"]).default("held"),
  /** Path of edits to follow. */
  edits: z.string().optional(),
  /** Each shot of the clip is a clip of its own. */
  shots: z.boolean().default(false),
  /** Flags of `npm run export` by their names, for every `export:NAME`. */
  export: z.record(z.string(), z.string()).default({}),
});

export type MakeRequest = z.infer<typeof make>;

export const requestSchema = z.discriminatedUnion("do", [
  make,
  z.strictObject({ id, do: z.literal("describe") }),
  z.strictObject({ id, do: z.literal("cancel"), of: id }),
]);

export type Request = z.infer<typeof requestSchema>;
export type RequestId = z.infer<typeof id>;

/** What this process is: the first line that it writes, and the answer to `describe`. */
export interface Description {
  readonly protocol: typeof PROTOCOL;
  readonly foretrack: string;
  readonly pack: string;
  readonly pack_identity: string;
  readonly provider: string;
  readonly exports: readonly string[];
}

export interface MadeFile {
  readonly product: string;
  /** Within the folder of the request. */
  readonly name: string;
  /** Of the name: what follows the part that all files of one "now" share. */
  readonly ending: string;
  readonly bytes: number;
}

/** What was made of one "now" of one shot, or why nothing was. Lengths in working frames and videoPx. */
export interface Row {
  /** Which of the request's `now` it is, from 0. */
  readonly now_index: number;
  /** Counts from 0; the whole clip is one where shots were not asked for. */
  readonly shot: number;
  readonly shot_start: number;
  readonly shot_end: number;
  readonly now_frame?: number;
  readonly now_secs?: number;
  readonly seeds?: readonly number[];
  readonly solver?: string | null;
  readonly steps?: number | null;
  readonly quality?: Readonly<Record<string, number | null>>;
  readonly cut_found?: boolean;
  readonly notes?: readonly string[];
  readonly files?: readonly MadeFile[];
  readonly secs: number;
  readonly error?: SerializedError;
}

export interface ClipFacts {
  readonly kind: string;
  readonly display_width: number;
  readonly display_height: number;
  readonly duration_secs: number;
  readonly native_fps: number;
  readonly native_frames: number;
  readonly codec: string;
  readonly decoded_by: string;
  /** Of the working clip. */
  readonly fps: number;
  readonly frames: number;
}

export type Reply =
  | { readonly event: "ready"; readonly ready: Description }
  | { readonly id: RequestId; readonly event: "clip"; readonly clip: ClipFacts }
  | {
      readonly id: RequestId;
      readonly event: "progress";
      readonly stage: string;
      readonly share: number;
    }
  | { readonly id: RequestId; readonly event: "row"; readonly row: Row }
  | { readonly id: RequestId; readonly event: "done"; readonly described?: Description }
  | { readonly id: RequestId | null; readonly event: "error"; readonly error: SerializedError };

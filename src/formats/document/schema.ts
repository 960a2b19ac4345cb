import { z } from "zod";
import { editsSchema } from "../../domain/edits.ts";
import { SOLVER_NAMES } from "../../engine/flow/solvers/list.ts";

// The content policy of the page forbids the code that zod would compile.
z.config({ jitless: true });

/**
 * Foretrack's own document, `forecast.json`: one past with K futures. Positions are pixels of the
 * working frame, x right, y down, 0 = centre of the first pixel, written with three decimals.
 *
 * | field | meaning |
 * |---|---|
 * | `schema`, `version` | `"foretrack-forecast"`, 1, or 2 where there are edits |
 * | `clip` | name, displayed width and height, and how it filled the frame (`cover`, `letterbox`) |
 * | `frame` | width and height of the working frame: 832×480 |
 * | `fps` | working frames a second |
 * | `nowSecs` | clip time of "now" |
 * | `packId` | label of the model pack that made the futures |
 * | `packIdentity` | which pack that was: SHA-256 over its files’ hashes, as `domain/pack/identity.ts` says; absent in files of earlier builds |
 * | `sampler` | `solver` and `steps`; absent where the model has no solver |
 * | `queryXyN2` | [N][2] positions at "now" |
 * | `history` | `tracksTN2` [T][N][2], `visibilityTN` [T][N] 0 or 1; the last frame is "now" |
 * | `futures` | K times `seed`, `tracksTN2`, `visibilityTN`, optional `cameraPathT6` [T][6], optional `latent`; frame 0 is the frame after "now" |
 * | `latent` | `z` from which the pack makes this future of the picture with the SHA-256 `picture`, again whenever asked; `parents` (`z`, `weight`) that it was made of, where no seed drew it |
 * | `importedFrom` | name of the file whose tracks the past was made of; absent where Foretrack tracked it |
 * | `truth` | what really happened after "now", where the clip goes on; may be shorter than the futures |
 * | `edits` | what the user authored of the futures, in order (`src/domain/edits/`); points are indices into `queryXyN2`, frame 0 is the frame after "now" |
 *
 * Camera path (a,b,c,d,e,f): x' = a·x + b·y + c, y' = d·x + e·y + f.
 */
export const DOCUMENT_SCHEMA = "foretrack-forecast";
/** Version 2 has edits; documents without any are still written as version 1. */
export const DOCUMENT_VERSION = 2;

export const MAX_DOCUMENT_FRAMES = 2048;
export const MAX_DOCUMENT_POINTS = 16_384;
const MAX_FUTURES = 256;

const px = z.number().min(-1e6).max(1e6);
const xy = z.tuple([px, px]);
const visible = z.union([z.literal(0), z.literal(1)]);
const points = z.array(xy).min(1).max(MAX_DOCUMENT_POINTS);
const tracks = z.object({
  tracksTN2: z.array(points).min(1).max(MAX_DOCUMENT_FRAMES),
  visibilityTN: z
    .array(z.array(visible).min(1).max(MAX_DOCUMENT_POINTS))
    .min(1)
    .max(MAX_DOCUMENT_FRAMES),
});
const size = { width: z.int().min(1).max(65_535), height: z.int().min(1).max(65_535) };
const affine = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]);

const latentNumbers = z.array(z.number()).min(1).max(4096);
const latent = z.object({
  z: latentNumbers,
  picture: z.string().regex(/^[0-9a-f]{64}$/),
  parents: z
    .array(z.object({ z: latentNumbers, weight: z.number() }))
    .max(64)
    .optional(),
});

export const documentSchema = z.object({
  schema: z.literal(DOCUMENT_SCHEMA),
  version: z.union([z.literal(1), z.literal(DOCUMENT_VERSION)]),
  clip: z.object({
    name: z.string().max(1024),
    ...size,
    fit: z.enum(["cover", "letterbox"]),
  }),
  frame: z.object({ width: z.literal(832), height: z.literal(480) }),
  fps: z.number().gt(0).max(1000),
  nowSecs: z.number().min(0),
  packId: z.string().max(1024),
  packIdentity: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  sampler: z
    .object({
      solver: z.enum(SOLVER_NAMES),
      steps: z.int().min(1).max(10_000),
    })
    .optional(),
  importedFrom: z.string().max(1024).optional(),
  queryXyN2: points,
  history: tracks,
  futures: z
    .array(
      tracks.extend({
        seed: z.int(),
        cameraPathT6: z.array(affine).max(MAX_DOCUMENT_FRAMES).optional(),
        latent: latent.optional(),
      }),
    )
    .max(MAX_FUTURES),
  truth: tracks.optional(),
  edits: editsSchema.optional(),
});

export type DocumentJson = z.infer<typeof documentSchema>;

/** The published JSON Schema (draft 2020-12). Unknown extra fields are allowed and ignored. */
export function documentJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(documentSchema, { io: "input" });
  return {
    ...schema,
    title: "Foretrack forecast",
    description: "One past and several possible futures of a grid of points in a clip.",
  };
}

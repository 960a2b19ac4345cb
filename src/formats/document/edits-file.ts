import { z } from "zod";
import type { EditGround } from "../../domain/edits/ground.ts";
import { MAX_EDIT_FRAMES } from "../../domain/edits/kind.ts";
import { type Edit, editsSchema } from "../../domain/edits.ts";
import { FormatError } from "../../domain/errors.ts";
import type { Forecast } from "../../domain/forecast.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { parseJson } from "../containers/safe-json.ts";
import { documentFromJson, isDocumentJson } from "./document.ts";
import { readEditList } from "./edit-list.ts";
import type { ForecastDocument } from "./types.ts";

/**
 * Edits alone, `edits.json`: what a user authored, and what it was laid over, so that it can be laid
 * over another clip. Positions are pixels of the working frame, 0 = centre of the first pixel.
 *
 * | field | meaning |
 * |---|---|
 * | `schema`, `version` | `"foretrack-edits"`, 1 |
 * | `clip` | name, displayed width and height, and how it filled the frame (`cover`, `letterbox`) |
 * | `frame` | width and height of the working frame |
 * | `fps`, `nowSecs` | working frames a second; clip time of "now" |
 * | `horizonFrames` | frames after "now" that were forecast |
 * | `queryXyN2` | [N][2] positions of the points at "now" |
 * | `edits` | in order (`src/domain/edits/`); points are indices into `queryXyN2`, frame 0 is the frame after "now" |
 */
export const EDITS_SCHEMA = "foretrack-edits";
export const EDITS_VERSION = 1;

const MAX_POINTS = 16_384;
const px = z.number().min(-1e6).max(1e6);
const size = { width: z.int().min(1).max(65_535), height: z.int().min(1).max(65_535) };

export const editsFileSchema = z.object({
  schema: z.literal(EDITS_SCHEMA),
  version: z.literal(EDITS_VERSION),
  clip: z.object({ name: z.string().max(1024), ...size, fit: z.enum(["cover", "letterbox"]) }),
  frame: z.object(size),
  fps: z.number().gt(0).max(1000),
  nowSecs: z.number().min(0),
  horizonFrames: z.int().min(1).max(MAX_EDIT_FRAMES),
  queryXyN2: z
    .array(z.tuple([px, px]))
    .min(1)
    .max(MAX_POINTS),
  edits: editsSchema,
});

/** The head is checked first; edits are read one by one. */
const headSchema = editsFileSchema.extend({ edits: z.array(z.unknown()) });

/** Edits, what they were laid over, and what was left out or mended on the way in. */
export interface EditsFile {
  readonly edits: readonly Edit[];
  readonly ground: EditGround;
  readonly notes: readonly string[];
}

/** UTF-8 bytes of `edits.json`. Equal edits over equal ground give equal bytes. */
export function writeEdits(edits: readonly Edit[], ground: EditGround): Uint8Array {
  const { clip, frame, fps, nowSecs, frameCount, startN2 } = ground;
  const { width, height } = clip.displaySize;
  const head = {
    schema: EDITS_SCHEMA,
    version: EDITS_VERSION,
    clip: { name: clip.name, width, height, fit: clip.fit },
    frame: { width: frame.width, height: frame.height },
    fps,
    nowSecs,
    horizonFrames: frameCount,
    queryXyN2: Array.from({ length: startN2.length / 2 }, (_, n) =>
      [startN2[2 * n], startN2[2 * n + 1]].map((v) => Math.round(v * 1e3) / 1e3),
    ),
  };
  const lines = edits.map((edit) => JSON.stringify(edit));
  const text = `${JSON.stringify(head).slice(0, -1)},\n"edits":[\n${lines.join(",\n")}\n]}\n`;
  return new TextEncoder().encode(text);
}

/** What a forecast's edits lie over. */
export function groundOf({ forecast, clip }: ForecastDocument): EditGround {
  const { queryXyN2, fps, nowSecs } = forecast;
  const frameCount = forecast.futures[0]?.tracks.frameCount ?? MAX_EDIT_FRAMES;
  return { startN2: queryXyN2, frameCount, frame: WORKING_SIZE, fps, nowSecs, clip };
}

/**
 * Reads edits saved alone, or those of a whole forecast.
 * @throws FormatError where the file is neither, or was saved by a newer build.
 */
export function readEdits(bytes: Uint8Array): EditsFile {
  const value = parseJson(bytes);
  if (isDocumentJson(value)) {
    const { document, repairs } = documentFromJson(value);
    const edits: Forecast["edits"] = document.forecast.edits ?? [];
    return { edits, ground: groundOf(document), notes: repairs };
  }
  return fromHead(checkedHead(value));
}

function checkedHead(value: unknown): z.infer<typeof headSchema> {
  const named = z
    .object({ schema: z.literal(EDITS_SCHEMA), version: z.unknown() })
    .safeParse(value);
  if (!named.success) {
    throw new FormatError(
      "The file holds no edits of Foretrack",
      'Its "schema" should be "foretrack-edits": save edits in the Edits panel, or a forecast as Foretrack JSON.',
    );
  }
  const { version } = named.data;
  if (typeof version === "number" && version > EDITS_VERSION) {
    throw new FormatError(
      `The edits were saved by a newer Foretrack (version ${version})`,
      "Open them with that version.",
    );
  }
  const parsed = headSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FormatError(
    `The edits are damaged at ${issue.path.map(String).join(".") || "their root"}: ${issue.message}`,
    "Save them again.",
  );
}

function fromHead(head: z.infer<typeof headSchema>): EditsFile {
  const { clip, frame, fps, nowSecs, horizonFrames, queryXyN2 } = head;
  const { name, width, height, fit } = clip;
  const ground: EditGround = {
    startN2: Float32Array.from(queryXyN2.flat()),
    frameCount: horizonFrames,
    frame,
    fps,
    nowSecs,
    clip: { name, displaySize: { width, height }, fit },
  };
  return { ...readEditList(head.edits), ground };
}

/** The published JSON Schema (draft 2020-12). Unknown extra fields are allowed and ignored. */
export function editsJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(editsFileSchema, { io: "input" }),
    title: "Foretrack edits",
    description: "What a user authored of the futures of a clip, without the forecast.",
  };
}

import { FormatError } from "../../../domain/errors.ts";
import { EXPORT_FORMATS, exportFormat } from "../registry.ts";
import { choiceOptions } from "./asked.ts";
import { EXPORT_SEGMENTS, type ExportOptions } from "./types.ts";

/** The flags of `npm run export`, as text: those below and one a choice that some format declares. */
export type ExportFlags = Readonly<Record<string, string | undefined>>;

const CHOICES: readonly string[] = [
  ...new Set(EXPORT_FORMATS.flatMap((format) => choiceOptions(format).map(({ id }) => id))),
];

/** Names of the flags that choose what is written. */
export const EXPORT_FLAGS: readonly string[] = [
  ...["future", "layer", "size", "fps", "frames", "points", "spacing", "tracks"],
  ...CHOICES,
];

/**
 * `future` counts from 1 and, like `points` (from 0), takes `all`, lists and ranges: `1,3-5`.
 * @throws FormatError naming the flag, or the formats there are.
 */
export function parseExportFlags(
  format: string,
  flags: ExportFlags,
  futureCount: number,
): ExportOptions {
  const { layer, size, fps, frames, spacing, tracks } = flags;
  exportFormat(format);
  const segment = EXPORT_SEGMENTS.find((name) => name === layer);
  if (layer !== undefined && segment === undefined) {
    throw bad("layer", layer, `one of ${EXPORT_SEGMENTS.join(", ")}`);
  }
  const futures =
    flags.future === "all"
      ? Array.from({ length: futureCount }, (_, k) => k)
      : parseList("future", flags.future)?.map((k) => k - 1);
  const points = flags.points === "all" ? undefined : parseList("points", flags.points);
  const choices = Object.fromEntries(
    CHOICES.flatMap((id) => (flags[id] === undefined ? [] : [[id, flags[id]]])),
  );
  return {
    ...(segment ? { segment } : {}),
    ...(futures ? { futures } : {}),
    ...(size === undefined ? {} : { size: parseSize(size) }),
    ...(fps === undefined ? {} : { fps: parseNumber("fps", fps) }),
    ...(frames === undefined ? {} : { frames: parseNumber("frames", frames) }),
    ...(points ? { points } : {}),
    ...(spacing === undefined ? {} : { spacing: parseNumber("spacing", spacing) }),
    ...(tracks === undefined ? {} : { tracks: parseNumber("tracks", tracks) }),
    ...(Object.keys(choices).length > 0 ? { choices } : {}),
  };
}

function bad(flag: string, value: string, wanted: string): FormatError {
  return new FormatError(`--${flag} ${value} is not understood`, `Give ${wanted}.`);
}

function parseNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw bad(flag, text, "a number");
  return value;
}

function parseSize(text: string): { width: number; height: number } {
  const match = /^(\d{1,5})[x×](\d{1,5})$/i.exec(text.trim());
  if (!match) throw bad("size", text, "width x height, such as 832x480");
  return { width: Number(match[1]), height: Number(match[2]) };
}

function parseList(flag: string, text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined;
  return text.split(",").flatMap((part) => {
    const match = /^\s*(\d{1,6})(?:(?:-|\.\.)(\d{1,6}))?\s*$/.exec(part);
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (!match || to < from || to - from > 100_000) {
      throw bad(flag, text, "all, or numbers and ranges such as 1,3-5");
    }
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

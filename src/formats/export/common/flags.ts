import { FormatError } from "../../../domain/errors.ts";
import { EXPORT_FORMATS, isExportFormatName } from "../registry.ts";
import type { ExportFormatName, ExportLayer, ExportOptions } from "./types.ts";

/** The flags of `npm run export`, as text. */
export interface ExportFlags {
  readonly format: string;
  readonly future?: string | undefined;
  readonly layer?: string | undefined;
  readonly size?: string | undefined;
  readonly fps?: string | undefined;
  readonly frames?: string | undefined;
  readonly points?: string | undefined;
}

const LAYERS: readonly ExportLayer[] = ["future", "past", "both", "truth"];

/**
 * `future` counts from 1 and, like `points` (from 0), takes `all`, lists and ranges: `1,3-5`.
 * @throws FormatError naming the flag.
 */
export function parseExportFlags(
  flags: ExportFlags,
  futureCount: number,
): { format: ExportFormatName; options: ExportOptions } {
  const { format } = flags;
  if (!isExportFormatName(format)) {
    throw new FormatError(
      `There is no format “${format}”`,
      `Use one of: ${EXPORT_FORMATS.map(({ name }) => name).join(", ")}.`,
    );
  }
  const layer = LAYERS.find((name) => name === flags.layer);
  if (flags.layer !== undefined && layer === undefined) {
    throw bad("layer", flags.layer, `one of ${LAYERS.join(", ")}`);
  }
  const futures =
    flags.future === "all"
      ? Array.from({ length: futureCount }, (_, k) => k)
      : parseList("future", flags.future)?.map((k) => k - 1);
  const options: ExportOptions = {
    ...(layer ? { layer } : {}),
    ...(futures ? { futures } : {}),
    ...(flags.size === undefined ? {} : { size: parseSize(flags.size) }),
    ...(flags.fps === undefined ? {} : { fps: parseNumber("fps", flags.fps) }),
    ...(flags.frames === undefined ? {} : { frames: parseNumber("frames", flags.frames) }),
  };
  const points = flags.points === "all" ? undefined : parseList("points", flags.points);
  return { format, options: points ? { ...options, points } : options };
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

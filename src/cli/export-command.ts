import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { parseArgs } from "node:util";
import type { Frame, Size } from "../domain/clip.ts";
import { FormatError } from "../domain/errors.ts";
import { WORKING_SIZE } from "../domain/studio-defaults.ts";
import { readDocument } from "../formats/document/document.ts";
import type { ForecastDocument } from "../formats/document/types.ts";
import { choiceOptions } from "../formats/export/common/asked.ts";
import { EXPORT_FLAGS, parseExportFlags } from "../formats/export/common/flags.ts";
import type { ExportFormat } from "../formats/export/common/format.ts";
import { nowFramePng, nowFrameReadSize } from "../formats/export/common/now-frame.ts";
import { exportForecast, movingPicture, previewExport } from "../formats/export/common/run.ts";
import type { ExportFile, ExportResult } from "../formats/export/common/types.ts";
import { EXPORT_FORMATS, exportFormat } from "../formats/export/registry.ts";
import { withSpaceFor } from "./document-space.ts";
import { frameAtSecs } from "./frame-at-secs.ts";
import { createNodeDecoder } from "./node-decode/decoder.ts";
import { firstSentence } from "./read-flags.ts";
import { writeVideo } from "./write-video.ts";

export const EXPORT_USAGE = `npm run export -- forecast.json --format NAME --out PATH
  [--future 1..K] [--layer future|past|both|truth] [--size WxH] [--fps N] [--frames N]
  [--points all|LIST] [--spacing PX] [--tracks N] [--clip CLIP]

Several futures: --future 1,3 or 1-4 or all. Points count from 0: --points 0,5,10-20.
--spacing 8 to 64 adds points between those of the grid, --tracks keeps that many, those of edits first.
Formats of several files write a folder, or one zip when PATH ends in .zip; control-frames a video
when it ends in .mp4, by the ffmpeg of this machine.
--motion objects leaves the camera out, --motion camera leaves what moves by itself out.
--clip CLIP also writes the "now" frame as PNG at the same size and crop, beside PATH; points in space take
their colours from it.

${EXPORT_FORMATS.map(usageOf).join("\n")}
`;

function usageOf(format: ExportFormat): string {
  const line = `  ${format.name.padEnd(24)}${format.description}`;
  const choices = choiceOptions(format).map(({ id, values }) => {
    return `${" ".repeat(26)}[--${id} ${values.map(({ value }) => value).join("|")}]`;
  });
  return [line, ...choices].join("\n");
}

/**
 * Runs the command with `args`; returns the lines that it reports.
 * @throws ForetrackError, and Node's own errors for paths.
 */
export async function exportCommand(args: readonly string[]): Promise<string[]> {
  const { values, positionals } = parse(args);
  const [input] = positionals;
  const { format, out } = values;
  if (positionals.length !== 1 || !format || !out) {
    throw new FormatError("A forecast, --format and --out are needed", EXPORT_USAGE);
  }
  const { document: saved, repairs } = readDocument(await readFile(input));
  const futureCount = saved.forecast.futures.length;
  const options = parseExportFlags(format, values, futureCount);
  const wantsColours = exportFormat(format).needsSpace && values.clip !== undefined;
  const rgbN3 = wantsColours ? await nowColours(saved, values.clip ?? "") : undefined;
  const document = await withSpaceFor(format, saved, { rgbN3, options });
  const preview = previewExport(document, format, options);
  const moving = extname(out) === ".mp4" ? movingPicture(document, format, options) : null;
  if (moving) await writeVideo(moving, out);
  const files = moving ? [] : filesToWrite(exportForecast(document, format, options), out);
  if (values.clip !== undefined) {
    const png = await nowFrame(document, values.clip, preview.size);
    const folder = extname(out) === "";
    files.push({ name: folder ? join(out, "now.png") : withEnding(out, ".now.png"), bytes: png });
  }
  for (const file of files) {
    await mkdir(dirname(file.name), { recursive: true });
    await writeFile(file.name, file.bytes);
  }
  const { width, height } = preview.size;
  return [
    ...[...repairs, ...preview.notices].map((line) => `note: ${line}`),
    `${exportFormat(format).label}: ${preview.pointIds.length} points, ${preview.frameCount} frames, ${width}×${height}`,
    ...(moving ? [out] : []),
    ...files.map((file) => `${file.name} (${file.bytes.length} bytes)`),
  ];
}

function parse(args: readonly string[]) {
  try {
    const names = ["format", "out", "clip", ...EXPORT_FLAGS];
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
    });
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    throw new FormatError(firstSentence(told), EXPORT_USAGE);
  }
}

function filesToWrite(result: ExportResult, out: string): ExportFile[] {
  const main =
    result.files && extname(out) !== ".zip"
      ? result.files.map(({ name, bytes }) => ({ name: join(out, name), bytes }))
      : [{ name: out, bytes: result.bytes }];
  const mainStem = result.fileName.slice(0, -extname(result.fileName).length);
  const sidecars = result.sidecars.map(({ name, bytes }) => ({
    name: withEnding(out, name.slice(mainStem.length)),
    bytes,
  }));
  return [...main, ...sidecars];
}

/** `tracks.json` with `.meta.json` is `tracks.meta.json`. */
function withEnding(out: string, ending: string): string {
  return join(dirname(out), basename(out, extname(out)) + ending);
}

async function nowFrame(document: ForecastDocument, path: string, size: Size) {
  return nowFramePng(await readNow(document, path, nowFrameReadSize(size)), size);
}

/** [N,3] colours of "now" at the query points. */
async function nowColours(document: ForecastDocument, path: string): Promise<Uint8Array> {
  const { width, height } = WORKING_SIZE;
  const { rgba } = await readNow(document, path, WORKING_SIZE);
  const { queryXyN2 } = document.forecast;
  return Uint8Array.from({ length: (queryXyN2.length / 2) * 3 }, (_, i) => {
    const n = Math.floor(i / 3);
    const x = Math.min(width - 1, Math.max(0, Math.round(queryXyN2[2 * n])));
    const y = Math.min(height - 1, Math.max(0, Math.round(queryXyN2[2 * n + 1])));
    return rgba[4 * (y * width + x) + (i % 3)];
  });
}

/** The picture of "now" at a size, as the forecast's crop has it. */
async function readNow({ forecast, clip }: ForecastDocument, path: string, size: Size) {
  const opened = await createNodeDecoder().open(path, { rate: forecast.fps, fit: clip.fit });
  try {
    const index = frameAtSecs(opened, forecast.nowSecs);
    const frames: Frame[] = [];
    await opened.read(index, index + 1, size, { onFrame: (frame) => frames.push(frame) });
    return frames[0];
  } finally {
    await opened.close();
  }
}

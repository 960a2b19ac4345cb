import { writeZip } from "../../containers/zip.ts";
import type { ForecastDocument } from "../../document/types.ts";
import type { ExportJob, MovingPicture } from "./format.ts";
import { type ExportPlan, planExport } from "./plan.ts";
import type {
  ExportFile,
  ExportOptions,
  ExportPreview,
  ExportResult,
  SidecarFile,
} from "./types.ts";

/**
 * One export for the page and the command: the same document and options give the same bytes.
 * @throws FormatError when the options do not fit the forecast or the format.
 */
export function exportForecast(
  document: ForecastDocument,
  format: string,
  options: ExportOptions = {},
): ExportResult {
  const plan = planExport(document, format, options);
  const parts = plan.jobs.map((job) => writePart(plan, job));
  const [{ main, sidecars }] = parts;
  const { severalFiles, mediaType } = plan.format;
  if (parts.length === 1 && !severalFiles) {
    const [{ name, bytes }] = main;
    return { fileName: name, mediaType, bytes, sidecars };
  }
  const files = parts.length === 1 ? main : parts.flatMap(inFolder);
  return {
    fileName: `${plan.stem}.zip`,
    mediaType: "application/zip",
    bytes: writeZip(files),
    files,
    sidecars: parts.length === 1 ? sidecars : [],
  };
}

/** What the consumer will see of the first chosen future, before anything is written. */
export function previewExport(
  document: ForecastDocument,
  format: string,
  options: ExportOptions = {},
): ExportPreview {
  const plan = planExport(document, format, options);
  const [job] = plan.jobs;
  const { prepared } = job;
  const tracks = plan.format.asRead?.(prepared) ?? prepared.tracks;
  return {
    segment: prepared.segment,
    frameCount: tracks.frameCount,
    fps: prepared.fps,
    size: prepared.size,
    pointIds: prepared.pointIds,
    dropped: prepared.dropped,
    hiddenSamples: tracks.visibilityTN.reduce((sum, visible) => sum + 1 - visible, 0),
    tracks,
    notices: [...prepared.notices, ...(plan.format.notices?.(job) ?? []), ...zipNotices(plan)],
  };
}

/**
 * The first chosen future as pictures that move, where the format is made of them; else null.
 * @throws FormatError when the options do not fit.
 */
export function movingPicture(
  document: ForecastDocument,
  format: string,
  options: ExportOptions = {},
): MovingPicture | null {
  const plan = planExport(document, format, options);
  return plan.format.moving?.(plan.jobs[0]) ?? null;
}

function zipNotices({ jobs }: ExportPlan): string[] {
  if (jobs.length === 1) return [];
  return [
    `The format holds one future: the ${jobs.length} chosen come as a zip with a folder each, the first is shown.`,
  ];
}

interface Part {
  readonly futureIndex: number | null;
  readonly main: readonly ExportFile[];
  readonly sidecars: readonly SidecarFile[];
}

function writePart({ format, stem }: ExportPlan, job: ExportJob): Part {
  const { main, sidecars = [] } = format.write(job);
  const single = typeof main === "string" || main instanceof Uint8Array;
  return {
    futureIndex: job.prepared.futureIndex,
    main: single ? [{ name: stem + format.extension, bytes: bytesOf(main) }] : main,
    sidecars: sidecars.map(({ ending, label, text }) => ({
      name: stem + ending,
      label,
      bytes: bytesOf(text),
    })),
  };
}

function inFolder({ futureIndex, main, sidecars }: Part): ExportFile[] {
  return [...main, ...sidecars].map(({ name, bytes }) => ({
    name: `future-${(futureIndex ?? 0) + 1}/${name}`,
    bytes,
  }));
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

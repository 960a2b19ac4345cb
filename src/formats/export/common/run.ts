import { FormatError } from "../../../domain/errors.ts";
import { sliceFrames } from "../../../domain/tracks.ts";
import { writeZip } from "../../containers/zip.ts";
import type { ForecastDocument } from "../../document/types.ts";
import { writeAti } from "../ati.ts";
import { writeComfyAti } from "../comfyui-ati.ts";
import { writeComfyWanMove } from "../comfyui-wanmove.ts";
import { writeCsv } from "../csv.ts";
import { writeJson } from "../json.ts";
import { fitSplines, writeKjnodesCoordinates } from "../kjnodes-spline.ts";
import { exportFormat } from "../registry.ts";
import { writeRerun } from "../rerun.ts";
import { writeTapvid } from "../tapvid.ts";
import { trajloomNotices, writeTrajloom } from "../trajloom.ts";
import { benchmarkNotices, writeTrajloomBenchmark } from "../trajloom-benchmark.ts";
import { writeWanMove } from "../wan-move.ts";
import { writeWan2gp } from "../wan2gp.ts";
import { coordinatePoints, metadataText } from "./coordinates.ts";
import { type PreparedTracks, prepareTracks } from "./prepare.ts";
import type {
  ExportFile,
  ExportFormatInfo,
  ExportFormatName,
  ExportOptions,
  ExportPreview,
  ExportResult,
} from "./types.ts";

interface Written {
  readonly main: readonly ExportFile[];
  readonly sidecars: readonly ExportFile[];
}

/** One export for the page and the command: the same document and options give the same bytes. */
interface Plan {
  readonly document: ForecastDocument;
  readonly info: ExportFormatInfo;
  /** One a chosen future; a single one for layers without futures. */
  readonly prepared: readonly PreparedTracks[];
  readonly stem: string;
}

/** @throws FormatError when the options do not fit the forecast or the format. */
export function exportForecast(
  document: ForecastDocument,
  format: ExportFormatName,
  options: ExportOptions = {},
): ExportResult {
  const plan = planExport(document, format, options);
  const { info } = plan;
  const whole = HOLDS_SEVERAL.has(format) || plan.prepared.length === 1;
  const parts = (whole ? plan.prepared.slice(0, 1) : plan.prepared).map((prepared) => ({
    prepared,
    written: write(plan, prepared),
  }));
  if (whole && !info.severalFiles) {
    const { main, sidecars } = parts[0].written;
    return {
      fileName: main[0].name,
      mediaType: MEDIA_TYPES[info.extension],
      bytes: main[0].bytes,
      sidecars,
    };
  }
  const files = whole
    ? parts[0].written.main
    : parts.flatMap(({ prepared, written }) => inFolder(prepared, written));
  return {
    fileName: `${plan.stem}.zip`,
    mediaType: "application/zip",
    bytes: writeZip(files),
    files,
    sidecars: whole ? parts[0].written.sidecars : [],
  };
}

/** What the consumer will see of the first chosen future, before anything is written. */
export function previewExport(
  document: ForecastDocument,
  format: ExportFormatName,
  options: ExportOptions = {},
): ExportPreview {
  const plan = planExport(document, format, options);
  const first = plan.prepared[0];
  const tracks = asConsumerReads(first, format);
  return {
    layer: first.layer,
    frameCount: tracks.frameCount,
    fps: first.fps,
    size: first.size,
    pointIds: first.pointIds,
    dropped: first.dropped,
    hiddenSamples: tracks.visibilityTN.reduce((sum, visible) => sum + 1 - visible, 0),
    tracks,
    notices: [...first.notices, ...formatNotices(plan, first), ...zipNotice(plan)],
  };
}

function zipNotice({ info, prepared }: Plan): string[] {
  if (HOLDS_SEVERAL.has(info.name) || prepared.length === 1) return [];
  return [
    `The format holds one future: the ${prepared.length} chosen come as a zip with a folder each, the first is shown.`,
  ];
}

const HOLDS_SEVERAL: ReadonlySet<ExportFormatName> = new Set(["csv", "json", "rerun"]);

const MEDIA_TYPES: Record<ExportFormatInfo["extension"], string> = {
  ".json": "application/json",
  ".npy": "application/octet-stream",
  ".npz": "application/zip",
  ".pth": "application/octet-stream",
  ".csv": "text/csv",
  ".py": "text/x-python",
  ".zip": "application/zip",
};

function planExport(
  document: ForecastDocument,
  format: ExportFormatName,
  options: ExportOptions,
): Plan {
  const info = exportFormat(format);
  refuseFixed(info, options);
  const { forecast } = document;
  const layer = options.layer ?? info.defaultLayer;
  const hasFutures = layer === "future" || layer === "both";
  const futures = options.futures ?? (format === "json" ? forecast.futures.map((_, k) => k) : [0]);
  if (hasFutures && (futures.length === 0 || new Set(futures).size !== futures.length)) {
    throw new FormatError("No future is chosen, or one twice", "Choose each future once.");
  }
  const indices = hasFutures ? futures : [null];
  const prepared = indices.map((k) => prepareTracks(forecast, info, options, k));
  const which = hasFutures && indices.length === 1 ? `-future-${(indices[0] ?? 0) + 1}` : "";
  const part = which || format === "json" ? which : `-${hasFutures ? "futures" : layer}`;
  const suffix = format === "json" ? "forecast" : `${format}${part}`;
  return { document, info, prepared, stem: `${fileStem(document.clip.name)}-${suffix}` };
}

function refuseFixed(info: ExportFormatInfo, options: ExportOptions): void {
  const asked = info.fixed.find((option) => options[option] !== undefined);
  if (asked === undefined) return;
  if (asked === "frames" && options.frames === info.defaultFrames) return;
  throw new FormatError(
    `${info.label} does not let you choose the ${asked === "fps" ? "frame rate" : asked}`,
    `Its reader fixes it: leave “${asked}” out, or choose another format.`,
  );
}

function write(plan: Plan, prepared: PreparedTracks): Written {
  const { document, info, stem } = plan;
  const single = (content: string | Uint8Array, sidecars: ExportFile[] = []): Written => ({
    main: [file(`${stem}${info.extension}`, content)],
    sidecars,
  });
  const note = (extra: Record<string, unknown> = {}) =>
    file(
      `${stem}.meta.json`,
      metadataText(prepared, { format: info.name, clip: document.clip.name, ...extra }),
    );
  switch (info.name) {
    case "comfyui-wanmove":
      return single(writeComfyWanMove(prepared), [note()]);
    case "comfyui-ati":
      return single(writeComfyAti(prepared), [note({ pointsPerTrack: 121 })]);
    case "kjnodes-spline": {
      const { text, notes } = fitSplines(prepared);
      const setup = { interpolation: "linear", sampling_method: "path", splines: notes };
      return single(writeKjnodesCoordinates(prepared), [
        file(`${stem}.points_store.json`, text),
        note(setup),
      ]);
    }
    case "wan-move":
      return { main: writeWanMove(prepared), sidecars: [] };
    case "wan2gp":
      return single(writeWan2gp(prepared));
    case "ati":
      return single(writeAti(prepared));
    case "trajloom":
      return single(writeTrajloom(prepared));
    case "trajloom-benchmark":
      return {
        main: writeTrajloomBenchmark(
          document.forecast,
          prepared.futureIndex ?? 0,
          prepared.pointIds,
          document.clip.name,
        ),
        sidecars: [],
      };
    case "tapvid":
      return single(writeTapvid(prepared));
    case "csv":
      return single(writeCsv(plan.prepared));
    case "json":
      return single(
        writeJson(
          document,
          plan.prepared.map((each) => each.futureIndex ?? 0),
          prepared.pointIds,
        ),
      );
    case "rerun":
      return single(writeRerun(plan.prepared));
  }
}

function formatNotices({ document, info }: Plan, prepared: PreparedTracks): string[] {
  switch (info.name) {
    case "trajloom":
      return trajloomNotices(prepared);
    case "trajloom-benchmark":
      return benchmarkNotices(document.forecast, prepared.futureIndex ?? 0);
    case "kjnodes-spline": {
      const { notes } = fitSplines(prepared);
      const shape = Math.max(...notes.map((note) => note.shapeErrorPx));
      const timing = Math.max(...notes.map((note) => note.timingErrorPx));
      return [
        `The editable splines miss the tracks by at most ${shape} px in shape and ${timing} px in timing.`,
      ];
    }
    default:
      return [];
  }
}

/** Positions and visibility after the format's rounding. */
function asConsumerReads(prepared: PreparedTracks, format: ExportFormatName) {
  const { tracks, shownTN } = prepared;
  const info = exportFormat(format);
  if (format === "trajloom-benchmark") return sliceFrames(tracks, 1, tracks.frameCount);
  if (!info.generator) return tracks;
  const read = { ...tracks, visibilityTN: shownTN };
  if (format === "wan-move" || format === "ati") return read;
  const tracksTN2 = tracks.tracksTN2.slice();
  const cents = coordinatePoints(prepared);
  for (let i = 0; i < shownTN.length; i++) {
    if (!shownTN[i]) continue;
    const { x, y } = cents[i % tracks.pointCount][Math.floor(i / tracks.pointCount)];
    const wholePixels = format !== "comfyui-wanmove" && format !== "comfyui-ati";
    tracksTN2[2 * i] = wholePixels ? Math.floor(tracksTN2[2 * i] + 0.5) : x - 0.5;
    tracksTN2[2 * i + 1] = wholePixels ? Math.floor(tracksTN2[2 * i + 1] + 0.5) : y - 0.5;
  }
  return { ...read, tracksTN2 };
}

function inFolder({ futureIndex }: PreparedTracks, { main, sidecars }: Written): ExportFile[] {
  return [...main, ...sidecars].map(({ name, bytes }) => ({
    name: `future-${(futureIndex ?? 0) + 1}/${name}`,
    bytes,
  }));
}

function file(name: string, content: string | Uint8Array): ExportFile {
  return { name, bytes: typeof content === "string" ? new TextEncoder().encode(content) : content };
}

function fileStem(clipName: string): string {
  const stem = clipName.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}_-]+/gu, "-");
  return stem.replace(/^-+|-+$/g, "").slice(0, 80) || "clip";
}

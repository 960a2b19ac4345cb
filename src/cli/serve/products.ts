import { extname } from "node:path";
import { FormatError } from "../../domain/errors.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { createTracks } from "../../domain/tracks.ts";
import { reliefEstimator } from "../../engine/space/estimator.ts";
import { writeForecastNpz } from "../../formats/document/forecast-npz.ts";
import { writeReliefNpz } from "../../formats/document/relief-npz.ts";
import { writeTracksNpz } from "../../formats/document/tracks-npz.ts";
import type { ForecastDocument } from "../../formats/document/types.ts";
import { type ExportFlags, parseExportFlags } from "../../formats/export/common/flags.ts";
import { exportForecast, previewExport } from "../../formats/export/common/run.ts";
import type { ExportOptions } from "../../formats/export/common/types.ts";
import { exportFormat } from "../../formats/export/registry.ts";
import { withSpaceFor } from "../document-space.ts";
import { shippedGuess } from "../node-model/depth-teller.ts";

/** What was observed around one "now", and the futures where they were sampled. */
export interface Observed extends ForecastDocument {
  readonly nowFrame: number;
}

export interface ProductFile {
  readonly ending: string;
  readonly bytes: Uint8Array;
  /** What a reader of the row should know of it. */
  readonly note?: string;
}

/** A kind of file that can be asked for by name. */
export interface Product {
  readonly name: string;
  readonly needsFutures: boolean;
  write(observed: Observed): ProductFile[] | Promise<ProductFile[]>;
}

const EXPORT = "export:";

/**
 * `flags`: of every export; `futures`: how many there will be.
 * @throws FormatError naming the products there are, or the flag that the export does not take.
 */
export function productOf(name: string, flags: ExportFlags, futures: number): Product {
  const known = OBSERVED.find((product) => product.name === name);
  if (known) return known;
  if (!name.startsWith(EXPORT)) {
    throw new FormatError(
      `There is nothing named ${name} to make`,
      `Ask for ${OBSERVED.map((product) => product.name).join(", ")} or ${EXPORT}NAME.`,
    );
  }
  const format = name.slice(EXPORT.length);
  exportFormat(format);
  parseExportFlags(format, flags, futures);
  return { name, needsFutures: true, write: (observed) => exported(observed, format, flags) };
}

const OBSERVED: readonly Product[] = [
  {
    name: "tracks",
    needsFutures: false,
    write({ forecast, nowFrame }) {
      const { history, truth, fps, nowSecs } = forecast;
      const after = truth ?? createTracks(0, history.pointCount);
      return [
        {
          ending: ".tracks.npz",
          bytes: writeTracksNpz(forecast, after, { fps, nowSecs, nowFrame }),
        },
      ];
    },
  },
  {
    name: "trajloom",
    needsFutures: false,
    write: (observed) => [trajloomFile(observed)],
  },
  {
    name: "relief",
    needsFutures: false,
    write: async (observed) => [await reliefFile(observed)],
  },
  {
    name: "futures",
    needsFutures: true,
    write: ({ forecast }) => [{ ending: ".forecast.npz", bytes: writeForecastNpz(forecast) }],
  },
];

/** Cells of a relief, of 16 px. */
const RELIEF = { columns: 52, rows: 30 };

async function reliefFile({ forecast, nowFrame }: Observed): Promise<ProductFile> {
  const { history, queryXyN2, textureN, fps, nowSecs } = forecast;
  const anchorFrame = history.frameCount - 1;
  const asked = { tracks: history, anchorFrame, size: WORKING_SIZE };
  const answer = await reliefEstimator.estimate({
    ...asked,
    ...RELIEF,
    ...(await shippedGuess(asked)),
    ...(textureN && { textureN }),
  });
  const bytes = writeReliefNpz(answer, queryXyN2, { fps, nowSecs, nowFrame });
  const { why } = answer.field;
  return { ending: ".relief.npz", bytes, ...(why && { note: `relief unknown: ${why}` }) };
}

/** What was observed in TrajLoom's layout: what followed stands where its export has a future. */
function trajloomFile({ forecast, clip }: Observed): ProductFile {
  const { truth } = forecast;
  const document = {
    forecast: { ...forecast, futures: truth ? [{ seed: 0, tracks: truth }] : [] },
    clip,
  };
  const options = { segment: truth ? ("both" as const) : ("past" as const) };
  const { bytes } = exportForecast(document, "trajloom", options);
  return { ending: ".trajloom.npz", bytes, ...noteOf(document, "trajloom", options) };
}

/** What the export's preview tells of it in the studio. */
function noteOf(document: ForecastDocument, format: string, options: ExportOptions) {
  const { notices } = previewExport(document, format, options);
  return notices.length > 0 ? { note: `${format}: ${notices.join(" ")}` } : {};
}

async function exported(
  observed: ForecastDocument,
  format: string,
  flags: ExportFlags,
): Promise<ProductFile[]> {
  const options = parseExportFlags(format, flags, observed.forecast.futures.length);
  const document = await withSpaceFor(format, observed, { options });
  const { fileName, bytes, sidecars } = exportForecast(document, format, options);
  const extension = extname(fileName);
  const stem = fileName.slice(0, -extension.length);
  return [
    { ending: `.${format}${extension}`, bytes, ...noteOf(document, format, options) },
    ...sidecars.map(({ name, bytes }) => ({
      ending: `.${format}${name.slice(stem.length)}`,
      bytes,
    })),
  ];
}

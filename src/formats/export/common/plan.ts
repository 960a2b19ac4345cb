import { FormatError } from "../../../domain/errors.ts";
import type { Forecast } from "../../../domain/forecast.ts";
import { denserForecast } from "../../../engine/edits/denser.ts";
import type { ForecastDocument } from "../../document/types.ts";
import { exportFormat } from "../registry.ts";
import { choiceOf, refuseUndeclared } from "./asked.ts";
import { fileStem } from "./file-stem.ts";
import type { ExportFormat, ExportJob } from "./format.ts";
import { apartForecast, MOTION } from "./motion.ts";
import { WORKING_SIZE } from "./place.ts";
import { prepareTracks } from "./prepare.ts";
import type { PreparedTracks } from "./prepared.ts";
import type { ExportOptions, ExportSegment } from "./types.ts";

/** An export whose options are checked and whose tracks are prepared. */
export interface ExportPlan {
  readonly format: ExportFormat;
  /** One a file: a chosen future each, or all of them at once where the format holds them together. */
  readonly jobs: readonly ExportJob[];
  /** Name of the file without its ending. */
  readonly stem: string;
}

/** @throws FormatError when the options do not fit the forecast or the format. */
export function planExport(
  document: ForecastDocument,
  name: string,
  asked: ExportOptions,
): ExportPlan {
  const format = exportFormat(name);
  refuseUndeclared(format, asked);
  const segment = asked.segment ?? usualSegment(format, document);
  const options = { ...asked, segment };
  const hasFutures = segment === "future" || segment === "both";
  const indices = hasFutures ? chosenFutures(document, format, options) : [null];
  const chosen = indices.filter((k) => k !== null);
  const motion = choiceOf(format, options, MOTION.id);
  const apart = apartForecast(document, motion, segment, chosen);
  const forecast = withSpacing(apart.forecast, options);
  const all = indices.map((k) => {
    const prepared = prepareTracks(forecast, format, options, k);
    return { ...prepared, notices: [...apart.notices, ...prepared.notices] };
  });
  const job = (prepared: PreparedTracks): ExportJob => ({
    document,
    prepared,
    all,
    choice: (id) => choiceOf(format, options, id),
  });
  const several = hasFutures ? "-futures" : `-${segment}`;
  const one = hasFutures && indices.length === 1;
  const which = one ? `-future-${(indices[0] ?? 0) + 1}` : several;
  return {
    format,
    jobs: format.futures === "together" ? [job(all[0])] : all.map(job),
    stem: `${fileStem(document.clip.name)}-${format.nameEnding ?? format.name + which}`,
  };
}

/** All that is known in space, without a future in space, is the past. */
function usualSegment(format: ExportFormat, { space }: ForecastDocument): ExportSegment {
  const { defaults, defaultFutures, needsSpace } = format;
  const isPast = needsSpace && defaultFutures === "all" && space?.lifted.every((own) => !own);
  return isPast ? "past" : defaults.segment;
}

const LEAST_SPACING = 8;
const MOST_SPACING = 64;

/** @throws FormatError for a spacing that is none, and for one beside chosen points. */
function withSpacing(forecast: Forecast, { spacing, points }: ExportOptions): Forecast {
  if (spacing === undefined) return forecast;
  if (!(spacing >= LEAST_SPACING && spacing <= MOST_SPACING)) {
    throw new FormatError(
      `${spacing} px is no usable spacing`,
      `Give ${LEAST_SPACING} to ${MOST_SPACING} px.`,
    );
  }
  if (points === undefined) return denserForecast(forecast, spacing, WORKING_SIZE);
  throw new FormatError(
    "Points are chosen and a spacing is asked for",
    "Leave one of them out: a denser grid has points that cannot be named.",
  );
}

function chosenFutures(
  { forecast }: ForecastDocument,
  format: ExportFormat,
  { futures }: ExportOptions,
): readonly number[] {
  const all = format.defaultFutures === "all";
  const chosen = futures ?? (all ? forecast.futures.map((_, k) => k) : [0]);
  if (chosen.length === 0 || new Set(chosen).size !== chosen.length) {
    throw new FormatError("No future is chosen, or one twice", "Choose each future once.");
  }
  return chosen;
}

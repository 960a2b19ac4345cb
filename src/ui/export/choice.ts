import type { Size } from "../../domain/clip.ts";
import { POINT_COUNT, STUDIO_GRID } from "../../domain/grid.ts";
import { coarsePoints } from "../../engine/exploration/finer.ts";
import { choiceOptions } from "../../formats/export/common/asked.ts";
import type { ExportFormat } from "../../formats/export/common/format.ts";
import type { ExportOption } from "../../formats/export/common/options.ts";
import { WORKING_SIZE } from "../../formats/export/common/place.ts";
import type { ExportOptions, ExportSegment } from "../../formats/export/common/types.ts";
import { EXPORT_FORMATS } from "../../formats/export/registry.ts";
import { drawnPoints } from "../../viewport/drawn-points.ts";

/** What the dialog remembers from one export to the next. Empty text = the format's own default. */
export interface ExportChoice {
  /** Name of an export format or of a picture. */
  readonly target: string;
  readonly segment: ExportSegment | "";
  readonly width: string;
  readonly height: string;
  readonly fps: string;
  readonly frames: string;
  /** px between points beside the grid's own. */
  readonly spacing: string;
  readonly tracks: string;
  /** Values of choices that only some formats declare, by their id. */
  readonly choices: Readonly<Record<string, string>>;
  /** Every how many-th grid row and column. */
  readonly stride: number;
  /** Only the points that are selected on the stage, while there are any. */
  readonly onlySelected: boolean;
  /** Into how many rows and columns each cell of the grid is cut, where the futures know. */
  readonly finer: number;
}

export const FIRST_CHOICE: ExportChoice = {
  target: EXPORT_FORMATS[0].name,
  segment: "",
  width: "",
  height: "",
  fps: "",
  frames: "",
  spacing: "",
  tracks: "",
  choices: {},
  stride: 1,
  onlySelected: false,
  finer: 1,
};

/** The points that the view draws at this density. */
export function pointsAtStride(stride: number): number[] {
  return drawnPoints(POINT_COUNT, stride);
}

/** The typed size; a side that is left empty is `usual`'s. Undefined where neither is typed. */
export function sizeOf(
  { width, height }: Pick<ExportChoice, "width" | "height">,
  usual: Size = WORKING_SIZE,
): Size | undefined {
  if (width === "" && height === "") return undefined;
  return {
    width: width === "" ? usual.width : Number(width),
    height: height === "" ? usual.height : Number(height),
  };
}

/**
 * Options for `exportForecast`: only what the user set and the format declares. Numbers go on as typed:
 * what cannot be used is refused there, with a sentence. `finer`: of the forecast's cells, against those
 * of `selectedPoints`.
 */
export function optionsOf(
  choice: ExportChoice,
  format: ExportFormat,
  futures: readonly number[],
  selectedPoints: readonly number[],
  finer = 1,
): ExportOptions {
  const has = (kind: ExportOption["kind"]) => format.options.some((each) => each.kind === kind);
  const size = sizeOf(choice, format.defaults.size);
  const chosen = chosenPoints(choice, selectedPoints);
  const points = chosen && finer > 1 ? finePointsOf(chosen, finer) : chosen;
  const choices = ownChoices(choice, format);
  return {
    futures,
    ...(has("segment") && choice.segment ? { segment: choice.segment } : {}),
    ...(has("size") && size ? { size } : {}),
    ...(has("fps") && choice.fps !== "" ? { fps: Number(choice.fps) } : {}),
    ...(has("frames") && choice.frames !== "" ? { frames: Number(choice.frames) } : {}),
    ...(has("spacing") && choice.spacing !== "" ? { spacing: Number(choice.spacing) } : {}),
    ...(has("tracks") && choice.tracks !== "" ? { tracks: Number(choice.tracks) } : {}),
    ...(points ? { points } : {}),
    ...(choices.length > 0 ? { choices: Object.fromEntries(choices) } : {}),
  };
}

/** The fine points in the cells of some of the grid's. */
function finePointsOf(points: readonly number[], factor: number): number[] {
  const wanted = new Set(points);
  return [...coarsePoints(factor, STUDIO_GRID).entries()].flatMap(([m, n]) =>
    wanted.has(n) ? [m] : [],
  );
}

function chosenPoints(
  { onlySelected, stride }: ExportChoice,
  selectedPoints: readonly number[],
): number[] | null {
  if (onlySelected && selectedPoints.length > 0) return [...selectedPoints].sort((a, b) => a - b);
  return stride > 1 ? pointsAtStride(stride) : null;
}

/** Values that this format knows: another format may declare other values under the same id. */
export function ownChoices({ choices }: ExportChoice, format: ExportFormat): [string, string][] {
  return choiceOptions(format).flatMap(({ id, values }): [string, string][] => {
    const found = values.find(({ value }) => value === choices[id]);
    return found ? [[id, found.value]] : [];
  });
}

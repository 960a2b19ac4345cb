import { useEffect, useState } from "react";
import type { Size } from "../../domain/clip.ts";
import { POINT_COUNT, WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import type {
  ExportFormatInfo,
  ExportLayer,
  ExportOptions,
} from "../../formats/export/common/types.ts";
import { drawnPoints } from "../../viewport/drawn-points.ts";
import type { TargetName } from "./targets.ts";
import { formatOf, pictureOf } from "./targets.ts";

/** What the dialog remembers from one export to the next. Empty text = the format's own default. */
export interface ExportChoice {
  readonly target: TargetName;
  readonly layer: ExportLayer | "";
  readonly width: string;
  readonly height: string;
  readonly fps: string;
  readonly frames: string;
  /** Every how many-th grid row and column. */
  readonly stride: number;
  /** Only the points that are selected on the stage, while there are any. */
  readonly onlySelected: boolean;
}

const INITIAL: ExportChoice = {
  target: "comfyui-wanmove",
  layer: "",
  width: "",
  height: "",
  fps: "",
  frames: "",
  stride: 1,
  onlySelected: false,
};

const KEY = "foretrack.export";

function remembered(): ExportChoice {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<ExportChoice>;
    const choice = { ...INITIAL, ...stored };
    return formatOf(choice.target) || pictureOf(choice.target) ? choice : INITIAL;
  } catch {
    return INITIAL;
  }
}

export function useExportChoice(): [ExportChoice, (part: Partial<ExportChoice>) => void] {
  const [choice, setChoice] = useState(remembered);
  useEffect(() => {
    try {
      localStorage.setItem(KEY, JSON.stringify(choice));
    } catch {
      // Private windows refuse storage; the choice then lasts as long as the dialog.
    }
  }, [choice]);
  return [choice, (part) => setChoice((now) => ({ ...now, ...part }))];
}

/** The points that the view draws at this density. */
export function pointsAtStride(stride: number): number[] {
  return drawnPoints(POINT_COUNT, stride);
}

/** The typed size; a side that is left empty is the working frame's. Undefined where neither is typed. */
export function sizeOf({
  width,
  height,
}: Pick<ExportChoice, "width" | "height">): Size | undefined {
  if (width === "" && height === "") return undefined;
  return {
    width: width === "" ? WORKING_WIDTH : Number(width),
    height: height === "" ? WORKING_HEIGHT : Number(height),
  };
}

/**
 * Options for `exportForecast`: only what the user set and the format lets them set. Numbers go on as
 * typed: what cannot be used is refused there, with a sentence.
 */
export function optionsOf(
  choice: ExportChoice,
  format: ExportFormatInfo,
  futures: readonly number[],
  selectedPoints: readonly number[],
): ExportOptions {
  const free = (option: ExportFormatInfo["fixed"][number]) => !format.fixed.includes(option);
  const size = sizeOf(choice);
  const points =
    choice.onlySelected && selectedPoints.length > 0
      ? [...selectedPoints].sort((a, b) => a - b)
      : choice.stride > 1
        ? pointsAtStride(choice.stride)
        : null;
  return {
    futures,
    ...(free("layer") && choice.layer ? { layer: choice.layer } : {}),
    ...(free("size") && size ? { size } : {}),
    ...(free("fps") && choice.fps !== "" ? { fps: Number(choice.fps) } : {}),
    ...(free("frames") && choice.frames !== "" ? { frames: Number(choice.frames) } : {}),
    ...(points ? { points } : {}),
  };
}

import { useEffect, useState } from "react";
import { POINT_COUNT } from "../../domain/grid.ts";
import type { ExportFormatInfo, ExportLayer, ExportOptions } from "../../formats/export-types.ts";
import { drawnPoints } from "../../viewport/draw-list.ts";
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
}

const INITIAL: ExportChoice = {
  target: "comfyui-wanmove",
  layer: "",
  width: "",
  height: "",
  fps: "",
  frames: "",
  stride: 1,
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

const positive = (text: string): number | null => (Number(text) > 0 ? Number(text) : null);

/** The points that the view draws at this density. */
export function pointsAtStride(stride: number): number[] {
  return drawnPoints(POINT_COUNT, stride);
}

/** Options for `exportForecast`: only what the user set and the format lets them set. */
export function optionsOf(
  choice: ExportChoice,
  format: ExportFormatInfo,
  futures: readonly number[],
): ExportOptions {
  const free = (option: ExportFormatInfo["fixed"][number]) => !format.fixed.includes(option);
  const width = positive(choice.width);
  const height = positive(choice.height);
  const fps = positive(choice.fps);
  const frames = positive(choice.frames);
  return {
    futures,
    ...(free("layer") && choice.layer ? { layer: choice.layer } : {}),
    ...(free("size") && width && height ? { size: { width, height } } : {}),
    ...(free("fps") && fps ? { fps } : {}),
    ...(free("frames") && frames ? { frames: Math.round(frames) } : {}),
    ...(choice.stride > 1 ? { points: pointsAtStride(choice.stride) } : {}),
  };
}

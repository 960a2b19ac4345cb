import { FormatError } from "../../domain/errors.ts";
import { ati } from "./ati.ts";
import { comfyuiAti } from "./comfyui-ati.ts";
import { comfyuiWanMove } from "./comfyui-wanmove.ts";
import type { ExportFormat } from "./common/format.ts";
import { csv } from "./csv.ts";
import { edits } from "./edits.ts";
import { json } from "./json.ts";
import { kjnodesSpline } from "./kjnodes-spline.ts";
import { ltx } from "./ltx.ts";
import { rerun } from "./rerun.ts";
import { tapvid } from "./tapvid.ts";
import { trajloom } from "./trajloom.ts";
import { trajloomBenchmark } from "./trajloom-benchmark.ts";
import { wanMove } from "./wan-move.ts";
import { wan2gp } from "./wan2gp.ts";

/** Every export, in the order of the dialog. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [
  comfyuiWanMove,
  comfyuiAti,
  ltx,
  kjnodesSpline,
  wanMove,
  wan2gp,
  ati,
  trajloom,
  trajloomBenchmark,
  tapvid,
  csv,
  json,
  edits,
  rerun,
];

/** @throws FormatError naming the formats there are. */
export function exportFormat(name: string): ExportFormat {
  const found = EXPORT_FORMATS.find((format) => format.name === name);
  if (found) return found;
  throw new FormatError(
    `There is no format “${name}”`,
    `Use one of: ${EXPORT_FORMATS.map((format) => format.name).join(", ")}.`,
  );
}

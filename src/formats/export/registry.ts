import { FormatError } from "../../domain/errors.ts";
import { afterEffects } from "./after-effects.ts";
import { ati } from "./ati.ts";
import { blender } from "./blender.ts";
import { cameraAfterEffects } from "./camera-after-effects.ts";
import { cameraBlender } from "./camera-blender.ts";
import { cameraJson } from "./camera-json.ts";
import { cameraNuke } from "./camera-nuke.ts";
import { colmap } from "./colmap.ts";
import { comfyuiAti } from "./comfyui-ati.ts";
import { comfyuiTracks } from "./comfyui-tracks.ts";
import { comfyuiWanMove } from "./comfyui-wanmove.ts";
import type { ExportFormat } from "./common/format.ts";
import { controlFrames } from "./control-frames.ts";
import { csv } from "./csv.ts";
import { edits } from "./edits.ts";
import { gltf } from "./gltf.ts";
import { json } from "./json.ts";
import { kjnodesSpline } from "./kjnodes-spline.ts";
import { ltx } from "./ltx.ts";
import { nerfstudio } from "./nerfstudio.ts";
import { nuke } from "./nuke.ts";
import { ply, plySequence } from "./ply.ts";
import { rerun } from "./rerun.ts";
import { rerunSpace } from "./rerun-space.ts";
import { spaceField } from "./space-field.ts";
import { synthEyes } from "./syntheyes.ts";
import { tapvid } from "./tapvid.ts";
import { threeDEqualizer } from "./three-d-equalizer.ts";
import { tracks3d } from "./tracks-3d.ts";
import { trajloom } from "./trajloom.ts";
import { trajloomBenchmark } from "./trajloom-benchmark.ts";
import { usd } from "./usd.ts";
import { videoxFun } from "./videox-fun.ts";
import { wanMove } from "./wan-move.ts";
import { wan2gp } from "./wan2gp.ts";
import { wan2gpMotionDesigner } from "./wan2gp-motion-designer.ts";

/** Every export, in the order of the dialog. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [
  comfyuiWanMove,
  comfyuiTracks,
  comfyuiAti,
  ltx,
  kjnodesSpline,
  wanMove,
  wan2gp,
  wan2gpMotionDesigner,
  ati,
  videoxFun,
  controlFrames,
  nuke,
  afterEffects,
  blender,
  threeDEqualizer,
  synthEyes,
  cameraNuke,
  cameraAfterEffects,
  cameraBlender,
  cameraJson,
  tracks3d,
  spaceField,
  gltf,
  usd,
  ply,
  plySequence,
  colmap,
  nerfstudio,
  rerunSpace,
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

import type { ExportFormatInfo, ExportFormatName } from "./common/types.ts";

const generator = {
  severalFiles: false,
  generator: true,
  defaultLayer: "future",
  defaultFrames: 81,
  playbackFps: 16,
} as const;
const data = { severalFiles: false, generator: false, defaultLayer: "future", fixed: [] } as const;

/** Every export format, in the order of the dialog. `name` is the command's `--format`. */
export const EXPORT_FORMATS: readonly ExportFormatInfo[] = [
  {
    ...generator,
    name: "comfyui-wanmove",
    label: "ComfyUI · WanMove, LTX",
    description: "For ComfyUI's WanMoveTracksFromCoords and LTXVDrawTracks: one point a frame.",
    extension: ".json",
    fixed: [],
  },
  {
    ...generator,
    name: "comfyui-ati",
    label: "ComfyUI · ATI",
    description: "For ComfyUI's WanTrackToVideo and WanVideoATITracks: 121 points for 81 frames.",
    extension: ".json",
    fixed: ["frames"],
  },
  {
    ...generator,
    name: "kjnodes-spline",
    label: "KJNodes SplineEditor",
    description: "Whole-pixel coordinates and editable splines for ComfyUI-KJNodes’ SplineEditor.",
    extension: ".json",
    fixed: [],
  },
  {
    ...generator,
    severalFiles: true,
    name: "wan-move",
    label: "Wan-Move",
    description: "tracks.npy and visibility.npy for the official Wan-Move generate.py.",
    extension: ".zip",
    fixed: [],
  },
  {
    ...generator,
    name: "wan2gp",
    label: "Wan2GP",
    description: "One .npy of positions from 0 to 1 for Wan2GP's trajectory input.",
    extension: ".npy",
    fixed: [],
  },
  {
    ...generator,
    name: "ati",
    label: "ATI",
    description: "A .pth for the official ATI scripts, with visibility per frame.",
    extension: ".pth",
    fixed: ["frames"],
  },
  {
    ...data,
    name: "trajloom",
    label: "TrajLoom",
    description: "Past and future as an .npz that both TrajLoom loaders read.",
    extension: ".npz",
    defaultLayer: "both",
    fixed: ["size"],
  },
  {
    ...data,
    name: "trajloom-benchmark",
    label: "TrajLoom benchmark run",
    description:
      "A run directory for TrajLoom's benchmark, with the real continuation where known.",
    extension: ".zip",
    severalFiles: true,
    fixed: ["layer", "size", "fps", "frames"],
  },
  {
    ...data,
    name: "tapvid",
    label: "TAP-Vid",
    description: "Points, occlusion and queries as the TAP-Vid and TAPIR tools lay them out.",
    extension: ".npz",
  },
  {
    ...data,
    name: "csv",
    label: "CSV",
    description: "One row a point and frame, for spreadsheets, pandas and R.",
    extension: ".csv",
  },
  {
    ...data,
    name: "json",
    label: "Foretrack JSON",
    description: "The whole forecast, to open here again; its JSON Schema is published.",
    extension: ".json",
    fixed: ["layer", "size", "fps", "frames"],
  },
  {
    ...data,
    name: "rerun",
    label: "Rerun snippet",
    description: "A Python script that shows the points over time in the Rerun viewer.",
    extension: ".py",
  },
];

export function exportFormat(name: ExportFormatName): ExportFormatInfo {
  return EXPORT_FORMATS.find((format) => format.name === name) as ExportFormatInfo;
}

export function isExportFormatName(name: string): name is ExportFormatName {
  return EXPORT_FORMATS.some((format) => format.name === name);
}

import { writeNpz } from "../containers/npz.ts";
import { readShown } from "./common/as-read.ts";
import type { ExportFormat } from "./common/format.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, SEGMENT, SIZE, SPACING, TRACKS, WAN_FRAMES } from "./common/options.ts";
import { EDGE_SHIFT } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepared.ts";
import { wanNotices } from "./common/wan.ts";

/**
 * What ComfyUI's TRACKS holds, with true visibility: coordinates given as JSON are all taken for seen.
 * - `track_path` [T,N,2] float32 (x,y), edge pixels of the output picture;
 * - `track_visibility` [T,N] bool.
 * ComfyUI has no node that reads TRACKS from a file, so a node that does comes beside it.
 */
export const comfyuiTracks: ExportFormat = {
  name: "comfyui-tracks",
  label: "ComfyUI · TRACKS",
  description:
    "For WanMoveTrackToVideo, with visibility a frame; the node that loads it is beside it.",
  group: "For video generators",
  extension: ".npz",
  mediaType: "application/zip",
  futures: "each",
  startsVisible: true,
  playbackFps: 16,
  defaults: { segment: "future", frames: 81 },
  options: [SEGMENT, MOTION, SIZE, FPS, WAN_FRAMES, SPACING, TRACKS],
  asRead: readShown,
  notices: wanNotices,
  write: ({ prepared }) => ({
    main: writeTracks(prepared),
    sidecars: [{ ending: ".node.py", label: "ComfyUI node", text: NODE }],
  }),
};

function writeTracks({ tracks, shownTN }: PreparedTracks): Uint8Array {
  const { frameCount: T, pointCount: N } = tracks;
  const values = tracks.tracksTN2.map((v) => v + EDGE_SHIFT);
  return writeNpz([
    { name: "track_path", shape: [T, N, 2], dtype: "float32", values },
    { name: "track_visibility", shape: [T, N], dtype: "bool", values: shownTN },
  ]);
}

const NODE = `"""A ComfyUI node that loads TRACKS exported by Foretrack.

Copy this file into ComfyUI/custom_nodes once and restart ComfyUI. Then put the .npz files into
ComfyUI/input, choose one in the node "Load Foretrack tracks" (under conditioning) and connect it to
WanMoveTrackToVideo.
"""

import os

import folder_paths
import numpy as np
import torch


class LoadForetrackTracks:
    @classmethod
    def INPUT_TYPES(cls):
        folder = folder_paths.get_input_directory()
        files = sorted(name for name in os.listdir(folder) if name.endswith(".npz"))
        return {"required": {"file": (files,)}}

    RETURN_TYPES = ("TRACKS", "INT")
    RETURN_NAMES = ("tracks", "track_length")
    FUNCTION = "load"
    CATEGORY = "conditioning/video_models"

    def load(self, file):
        with np.load(folder_paths.get_annotated_filepath(file)) as arrays:
            path = torch.from_numpy(arrays["track_path"])
            visibility = torch.from_numpy(arrays["track_visibility"])
        return ({"track_path": path, "track_visibility": visibility}, path.shape[0])


NODE_CLASS_MAPPINGS = {"LoadForetrackTracks": LoadForetrackTracks}
NODE_DISPLAY_NAME_MAPPINGS = {"LoadForetrackTracks": "Load Foretrack tracks"}
`;

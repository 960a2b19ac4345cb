import type { ExportFormat, ExportJob } from "./common/format.ts";
import { firstFrameOption } from "./common/keys.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";
import { namesOf, pythonData } from "./common/python-data.ts";

/**
 * A Python script for Blender (2.83 or newer): it adds the tracks to a movie clip as motion tracks,
 * with markers where the points are seen and a disabled one after each run of them. It carries its
 * tracks as a base64 .npz; Blender brings the numpy that reads it.
 * Blender's markers count from 0 at the left and bottom edge of the picture to 1.
 */
export const blender: ExportFormat = {
  name: "blender",
  label: "Blender script",
  description: "A Python script that adds the points to a movie clip as motion tracks.",
  group: "For compositing and matchmoving",
  extension: ".py",
  mediaType: "text/x-python",
  futures: "together",
  defaults: { segment: "future" },
  options: [SEGMENT, MOTION, SIZE, FPS, FRAMES, firstFrameOption("1")],
  write: (job) => ({ main: writeBlender(job) }),
};

function writeBlender({ all, choice }: ExportJob): string {
  const [{ size, pointIds }] = all;
  const ids = {
    name: "point_ids",
    shape: [pointIds.length],
    dtype: "int32" as const,
    values: pointIds,
  };
  return `"""Adds tracks exported by Foretrack to a movie clip. Run it in Blender's text editor.

Open the footage in the Movie Clip Editor first, or write its path between the quotes of CLIP.
"""

import base64
import io

import bpy
import numpy as np

CLIP = ""
FIRST_FRAME = ${choice("first-frame")}
WIDTH, HEIGHT = ${size.width}, ${size.height}
NAMES = ${JSON.stringify(namesOf(all))}
DATA = (
${pythonData(all, ({ shownTN }) => shownTN, [ids])}
)


def footage():
    if CLIP:
        return bpy.data.movieclips.load(bpy.path.abspath(CLIP), check_existing=True)
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "CLIP_EDITOR" and area.spaces.active.clip:
                return area.spaces.active.clip
    if len(bpy.data.movieclips) == 1:
        return bpy.data.movieclips[0]
    raise RuntimeError("Open the footage in the Movie Clip Editor, or write its path into CLIP.")


def add_track(tracks, name, positions, visible):
    frames = np.flatnonzero(visible)
    if len(frames) == 0:
        return
    track = tracks.new(name=name, frame=FIRST_FRAME + int(frames[0]))
    for frame in frames:
        x, y = positions[frame]
        where = (float(x) / WIDTH, 1 - float(y) / HEIGHT)
        track.markers.insert_frame(FIRST_FRAME + int(frame), co=where)
        if frame + 1 < len(visible) and not visible[frame + 1]:
            gap = track.markers.insert_frame(FIRST_FRAME + int(frame) + 1, co=where)
            gap.mute = True


def main():
    arrays = np.load(io.BytesIO(base64.b64decode(DATA)))
    tracks = footage().tracking.tracks
    for k, name in enumerate(NAMES):
        positions, visible = arrays[f"tracks_{k}"], arrays[f"visible_{k}"]
        for n, point in enumerate(arrays["point_ids"]):
            add_track(tracks, f"{name}_point_{point}", positions[:, n], visible[:, n])


main()
`;
}

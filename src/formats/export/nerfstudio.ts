import { worldFromCamera } from "./common/camera-path.ts";
import type { ExportFormat, ExportJob } from "./common/format.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";
import { EDGE_SHIFT } from "./common/pixel-edge.ts";
import { plyOf } from "./common/ply.ts";
import { IN_SPACE, spaceNotices, spaceSceneOf } from "./common/space-scene.ts";
import { round } from "./common/time.ts";
import type { ExportFile } from "./common/types.ts";

/**
 * Nerfstudio's `transforms.json` and `sparse_pc.ply` with the still points. A frame: `file_path`
 * `images/frame_00001.png` and on, `transform_matrix` [4][4] camera to world, the camera looking along
 * its −z with y up (OpenGL), `fl_x` `fl_y` `cx` `cy` px from the edge. The world is ours: y down.
 */
export const nerfstudio: ExportFormat = {
  ...IN_SPACE,
  name: "nerfstudio",
  label: "Nerfstudio",
  description: "transforms.json with a camera a frame, and the still points as PLY.",
  extension: ".zip",
  mediaType: "application/zip",
  severalFiles: true,
  defaults: { segment: "past" },
  options: [SEGMENT, SIZE, FPS, FRAMES],
  notices: (job) => [
    ...spaceNotices(job),
    "Put the clip’s frames into images/ as frame_00001.png and on: the file only names them.",
  ],
  write: (job) => ({ main: writeNerfstudio(job) }),
};

function writeNerfstudio(job: ExportJob): ExportFile[] {
  const scene = spaceSceneOf(job);
  const { cameras, size, fps } = scene;
  const [cx, cy] = cameras.centre.map((value) => round(value + EDGE_SHIFT, 6));
  const frames = Array.from({ length: cameras.frameCount }, (_, t) => {
    const { rows, eye } = worldFromCamera(cameras, t);
    const focal = round(cameras.focalPxT[t], 6);
    return {
      file_path: `images/frame_${String(t + 1).padStart(5, "0")}.png`,
      ...{ fl_x: focal, fl_y: focal, cx, cy },
      transform_matrix: [
        ...rows.map(([x, y, z], i) => [x, -y, -z, eye[i]].map((value) => round(value, 9))),
        [0, 0, 0, 1],
      ],
    };
  });
  const file = {
    ...{ camera_model: "OPENCV", w: size.width, h: size.height },
    ...{ k1: 0, k2: 0, p1: 0, p2: 0, fps },
    ply_file_path: "sparse_pc.ply",
    frames,
  };
  const text = new TextEncoder().encode(`${JSON.stringify(file, null, 1)}\n`);
  return [
    { name: "transforms.json", bytes: text },
    { name: "sparse_pc.ply", bytes: plyOf(scene, 0, true) },
  ];
}

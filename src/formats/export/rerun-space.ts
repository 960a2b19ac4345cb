import { writeNpz } from "../containers/npz.ts";
import { extrinsicsOf } from "./common/extrinsics.ts";
import type { ExportFormat, ExportJob } from "./common/format.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";
import { pythonBytes } from "./common/python-data.ts";
import { IN_SPACE, spaceNotices, spaceSceneOf } from "./common/space-scene.ts";

/**
 * A Python script that needs `pip install rerun-sdk numpy` (0.23 or newer): it carries the scene as a
 * base64 .npz and logs `Points3D` of what stands and of what moves, `LineStrips3D` of the paths so far,
 * and the camera as `Transform3D` with `Pinhole`. With the name of a file it writes an .rrd in place of
 * opening the viewer: `python script.py scene.rrd`.
 */
export const rerunSpace: ExportFormat = {
  ...IN_SPACE,
  name: "rerun-space",
  label: "Rerun, in space",
  description: "A Python script that shows the scene in the Rerun viewer, or writes an .rrd of it.",
  extension: ".py",
  mediaType: "text/x-python",
  defaults: { segment: "both" },
  options: [SEGMENT, SIZE, FPS, FRAMES],
  notices: spaceNotices,
  write: (job) => ({ main: writeRerunSpace(job) }),
};

function writeRerunSpace(job: ExportJob): string {
  const { cameras, positionsTN3, stateN, rgbN3, size, fps } = spaceSceneOf(job);
  const { frameCount: T, focalPxT, centre } = cameras;
  const N = stateN.length;
  const data = writeNpz([
    { name: "coords", shape: [T, N, 3], dtype: "float32", values: positionsTN3 },
    { name: "extrinsics", shape: [T, 4, 4], dtype: "float32", values: extrinsicsOf(cameras) },
    { name: "focal", shape: [T], dtype: "float32", values: focalPxT },
    { name: "moving", shape: [N], dtype: "bool", values: stateN.map((state) => state >> 1) },
    { name: "rgb", shape: [N, 3], dtype: "uint8", values: rgbN3 },
  ]);
  return `"""Shows a scene exported by Foretrack in the Rerun viewer: python <this file> [scene.rrd]"""

import base64
import io
import sys

import numpy as np
import rerun as rr

WIDTH, HEIGHT, FPS = ${size.width}, ${size.height}, ${fps}
# Pixels from the edge of the picture.
CENTRE = (${centre[0] + 0.5}, ${centre[1] + 0.5})
DATA = (
${pythonBytes(data)}
)


def main() -> None:
    scene = np.load(io.BytesIO(base64.b64decode(DATA)))
    coords, extrinsics, focal = scene["coords"], scene["extrinsics"], scene["focal"]
    moving, rgb = scene["moving"], scene["rgb"]
    target = sys.argv[1] if len(sys.argv) > 1 else None
    rr.init("foretrack", spawn=target is None)
    if target is not None:
        rr.save(target)
    rr.log("world", rr.ViewCoordinates.RDF, static=True)
    rr.log("world/still", rr.Points3D(coords[0][~moving], colors=rgb[~moving], radii=0.006), static=True)
    for t in range(len(coords)):
        rr.set_time("frame", sequence=t)
        rr.set_time("time", duration=t / FPS)
        turn, shift = extrinsics[t, :3, :3], extrinsics[t, :3, 3]
        rr.log("world/camera", rr.Transform3D(translation=-turn.T @ shift, mat3x3=turn.T))
        rr.log(
            "world/camera",
            rr.Pinhole(
                focal_length=float(focal[t]),
                principal_point=CENTRE,
                resolution=(WIDTH, HEIGHT),
                camera_xyz=rr.ViewCoordinates.RDF,
                image_plane_distance=0.15,
            ),
        )
        if moving.any():
            rr.log("world/moving", rr.Points3D(coords[t][moving], colors=rgb[moving], radii=0.008))
            paths = np.transpose(coords[: t + 1][:, moving], (1, 0, 2))
            rr.log("world/paths", rr.LineStrips3D(paths, colors=rgb[moving], radii=0.002))


if __name__ == "__main__":
    main()
`;
}

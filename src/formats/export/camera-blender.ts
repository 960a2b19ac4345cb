import { cameraOf, focalAt, worldFromCamera } from "./common/camera-path.ts";
import type { ExportFormat, ExportJob } from "./common/format.ts";
import { firstFrameOption } from "./common/keys.ts";
import { SIZE } from "./common/options.ts";
import { round } from "./common/time.ts";

/**
 * A Python script for Blender (2.83 or newer) that makes a camera with keys on place, rotation and
 * lens. Blender's world: x right, y away, z up; its camera looks along its own −z, y up.
 */
export const cameraBlender: ExportFormat = {
  name: "camera-blender",
  label: "Camera, Blender",
  description: "A Python script that makes the camera and its path in Blender.",
  group: "For compositing and matchmoving",
  extension: ".py",
  mediaType: "text/x-python",
  futures: "each",
  keepsCamera: true,
  defaults: { segment: "future" },
  options: [SIZE, firstFrameOption("1")],
  notices: (job) => cameraOf(job).notices,
  write: (job) => ({ main: writeCameraBlender(job) }),
};

/** A row a frame: three rows of four of the camera's matrix in Blender's world, and the lens in mm. */
function framesOf(job: ExportJob): number[][] {
  const { path } = cameraOf(job);
  const { size } = job.prepared;
  return Array.from({ length: path.frameCount }, (_, t) => {
    const { rows, eye } = worldFromCamera(path, t);
    const turned = rows.map(([x, y, z]) => [x, -y, -z]);
    const [right, down, forward] = turned.map((row, i) => [...row, eye[i]]);
    const lens = (focalAt(path, t, size) / size.width) * 36;
    return [...right, ...forward, ...down.map((value) => -value), lens].map((v) => round(v, 7));
  });
}

function writeCameraBlender(job: ExportJob): string {
  const { size } = job.prepared;
  const rows = framesOf(job).map((row) => `    (${row.join(", ")}),`);
  return `"""Makes a camera exported by Foretrack. Run it in Blender's text editor."""

import bpy
from mathutils import Matrix

FIRST_FRAME = ${job.choice("first-frame")}
WIDTH, HEIGHT, FPS = ${size.width}, ${size.height}, ${round(job.document.forecast.fps, 6)}
# Three rows of four of the camera's matrix, and the lens in mm for a sensor of 36 mm.
FRAMES = (
${rows.join("\n")}
)


def main():
    scene = bpy.context.scene
    scene.render.resolution_x, scene.render.resolution_y = WIDTH, HEIGHT
    scene.render.resolution_percentage = 100
    scene.render.fps = max(1, round(FPS))
    scene.render.fps_base = scene.render.fps / FPS
    camera = bpy.data.cameras.new("Foretrack")
    camera.sensor_fit = "HORIZONTAL"
    camera.sensor_width = 36
    holder = bpy.data.objects.new("Foretrack", camera)
    holder.rotation_mode = "QUATERNION"
    scene.collection.objects.link(holder)
    scene.camera = holder
    for k, row in enumerate(FRAMES):
        frame = FIRST_FRAME + k
        matrix = Matrix((row[0:4], row[4:8], row[8:12], (0, 0, 0, 1)))
        holder.location, holder.rotation_quaternion, _ = matrix.decompose()
        camera.lens = row[12]
        holder.keyframe_insert("location", frame=frame)
        holder.keyframe_insert("rotation_quaternion", frame=frame)
        camera.keyframe_insert("lens", frame=frame)


main()
`;
}

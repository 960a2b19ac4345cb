import { cameraOf, focalAt, worldFromCamera } from "./common/camera-path.ts";
import type { ExportFormat, ExportJob } from "./common/format.ts";
import { firstFrameOption } from "./common/keys.ts";
import { SIZE } from "./common/options.ts";

/** Width of the film back, mm: any will do, the focal length goes with it. */
const BACK_MM = 36;
const DEGREES = 180 / Math.PI;

/**
 * A Nuke script with one Camera node. Nuke's axes: x right, y up, the camera looks along −z. Rotation
 * order XYZ turns about x first: R = Rz·Ry·Rx.
 */
export const cameraNuke: ExportFormat = {
  name: "camera-nuke",
  label: "Camera, Nuke",
  description: "The camera's path as a Camera node for Nuke.",
  group: "For compositing and matchmoving",
  extension: ".nk",
  mediaType: "text/plain",
  futures: "each",
  keepsCamera: true,
  defaults: { segment: "future" },
  options: [SIZE, firstFrameOption("1")],
  notices: (job) => cameraOf(job).notices,
  write: (job) => ({ main: writeCameraNuke(job) }),
};

function writeCameraNuke(job: ExportJob): string {
  const { path } = cameraOf(job);
  const { size } = job.prepared;
  const first = Number(job.choice("first-frame"));
  const frames = Array.from({ length: path.frameCount }, (_, t) => {
    const { rows, eye } = worldFromCamera(path, t);
    // y and z change their sign on both sides.
    const r = rows.map((row, i) => row.map((value, k) => (i > 0 === k > 0 ? value : -value)));
    return {
      translate: [eye[0], -eye[1], -eye[2]],
      rotate: [
        Math.atan2(r[2][1], r[2][2]) * DEGREES,
        -Math.asin(Math.max(-1, Math.min(1, r[2][0]))) * DEGREES,
        Math.atan2(r[1][0], r[0][0]) * DEGREES,
      ],
      focal: (focalAt(path, t, size) / size.width) * BACK_MM,
    };
  });
  const curve = (values: readonly number[]) =>
    `{curve x${first} ${values.map((value) => value.toFixed(6)).join(" ")}}`;
  const three = (pick: "translate" | "rotate") =>
    [0, 1, 2].map((axis) => curve(frames.map((frame) => frame[pick][axis]))).join(" ");
  return `set cut_paste_input [stack 0]
version 12.0 v1
push $cut_paste_input
Camera2 {
 rot_order XYZ
 translate {${three("translate")}}
 rotate {${three("rotate")}}
 focal {${curve(frames.map(({ focal }) => focal))}}
 haperture ${BACK_MM}
 vaperture ${((BACK_MM * size.height) / size.width).toFixed(6)}
 name Foretrack_camera
 selected true
}
`;
}

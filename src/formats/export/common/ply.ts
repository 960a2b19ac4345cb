import { STATIC } from "../../../domain/space-field.ts";
import type { SpaceScene } from "./space-scene.ts";

/** x, y, z, red, green, blue, moving, sigma_log_depth, point. */
const VERTEX_BYTES = 12 + 3 + 1 + 4 + 4;

/**
 * The points of one written frame as binary PLY 1.0: `x` `y` `z` float, `red` `green` `blue` uchar,
 * `moving` uchar, `sigma_log_depth` float, `point` int. `stillOnly` leaves movers out.
 */
export function plyOf(scene: SpaceScene, frame: number, stillOnly = false): Uint8Array {
  const { stateN, rgbN3, sigmaLogN, positionsTN3, pointIds } = scene;
  const points = [...stateN.keys()].filter((n) => !stillOnly || stateN[n] === STATIC);
  const head = [
    "ply",
    "format binary_little_endian 1.0",
    "comment Foretrack: x right, y down, z forward; median depth of what stands still is 1",
    `element vertex ${points.length}`,
    ...["x", "y", "z"].map((name) => `property float ${name}`),
    ...["red", "green", "blue", "moving"].map((name) => `property uchar ${name}`),
    "property float sigma_log_depth",
    "property int point",
    "end_header\n",
  ].join("\n");
  const bytes = new Uint8Array(head.length + points.length * VERTEX_BYTES);
  bytes.set(new TextEncoder().encode(head));
  const view = new DataView(bytes.buffer, head.length);
  points.forEach((n, i) => {
    const at = i * VERTEX_BYTES;
    const from = 3 * (frame * stateN.length + n);
    for (let c = 0; c < 3; c++) {
      view.setFloat32(at + 4 * c, positionsTN3[from + c], true);
      view.setUint8(at + 12 + c, rgbN3[3 * n + c]);
    }
    view.setUint8(at + 15, stateN[n] === STATIC ? 0 : 1);
    view.setFloat32(at + 16, sigmaLogN[n], true);
    view.setInt32(at + 20, pointIds[n], true);
  });
  return bytes;
}

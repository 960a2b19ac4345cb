import { resampleFrames } from "../../domain/resampling.ts";
import { writeNpz } from "../containers/npz.ts";
import { writeTorchBytes } from "../containers/torch-bytes.ts";
import { readShown } from "./common/as-read.ts";
import { ATI_FRAMES, ATI_POINTS, atiFrameOfPoint } from "./common/ati-time.ts";
import type { ExportFormat } from "./common/format.ts";
import { MOTION } from "./common/motion.ts";
import { FEW_TRACKS, FPS, SEGMENT, SIZE } from "./common/options.ts";
import { EDGE_SHIFT } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepared.ts";

/** ATI's files hold coordinates and visibility times 8. */
const ATI_SCALE = 8;

/**
 * A .pth for the official ATI scripts: a torch file of the bytes of an .npz with the one key `array`,
 * float32 [N,121,1,3] = (x, y, visibility) · 8, edge pixels of the input picture.
 * 121 points at 24 a second become 81 frames at 16 (common/ati-time.ts).
 */
export const ati: ExportFormat = {
  name: "ati",
  label: "ATI",
  description: "A .pth for the official ATI scripts, with visibility per frame.",
  group: "For video generators",
  extension: ".pth",
  mediaType: "application/octet-stream",
  futures: "each",
  startsVisible: true,
  playbackFps: 16,
  defaults: { segment: "future", frames: ATI_FRAMES },
  options: [SEGMENT, MOTION, SIZE, FPS, FEW_TRACKS],
  asRead: readShown,
  write: ({ prepared }) => ({ main: writeAti(prepared) }),
};

function writeAti(prepared: PreparedTracks): Uint8Array {
  const { pointCount } = prepared.tracks;
  const { tracksTN2, visibilityTN } = resampleFrames(readShown(prepared), atiFrameOfPoint());
  const arrayNT13 = new Float32Array(pointCount * ATI_POINTS * 3);
  for (let n = 0; n < pointCount; n++) {
    for (let t = 0; t < ATI_POINTS; t++) {
      const from = t * pointCount + n;
      const to = 3 * (n * ATI_POINTS + t);
      arrayNT13[to] = (tracksTN2[2 * from] + EDGE_SHIFT) * ATI_SCALE;
      arrayNT13[to + 1] = (tracksTN2[2 * from + 1] + EDGE_SHIFT) * ATI_SCALE;
      arrayNT13[to + 2] = visibilityTN[from] * ATI_SCALE;
    }
  }
  const shape = [pointCount, ATI_POINTS, 1, 3];
  return writeTorchBytes(writeNpz([{ name: "array", shape, dtype: "float32", values: arrayNT13 }]));
}

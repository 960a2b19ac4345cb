import { writeNpy } from "../containers/npy.ts";
import { readWholePixels } from "./common/as-read.ts";
import type { ExportFormat } from "./common/format.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, SEGMENT, SIZE, SPACING, TRACKS, WAN_FRAMES } from "./common/options.ts";
import { EDGE_SHIFT } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepared.ts";
import { wanNotices } from "./common/wan.ts";

/** Sides of the sizes that Wan is usually run at, beside the file's own. */
const USUAL_SIDES = [480, 640, 720, 832, 1280];

/** Side of a latent cell, px of the output. */
const CELL_PX = 8;

/** Kept from the ends of an interval, so that float32 does not round out of it. */
const MARGIN_PX = 0.01;

/**
 * One .npy [T,N,2] float32 (x,y) from 0 to 1, −1 for hidden points.
 * Wan2GP takes a file whose largest value is at most 1 as normalised, reads round(v · [W,H]) and cuts
 * cells of 8 px by its floor; one value above 1 would turn the whole file into pixels. The rounding
 * carries a point from the last half pixel of a cell into the next, so positions are moved by less
 * than that: into the very pixel at the file's size, into the right cell at Wan's usual sizes.
 */
export const wan2gp: ExportFormat = {
  name: "wan2gp",
  label: "Wan2GP",
  description: "One .npy of positions from 0 to 1 for Wan2GP's trajectory input.",
  group: "For video generators",
  extension: ".npy",
  mediaType: "application/octet-stream",
  futures: "each",
  startsVisible: true,
  playbackFps: 16,
  defaults: { segment: "future", frames: 81 },
  options: [SEGMENT, MOTION, SIZE, FPS, WAN_FRAMES, SPACING, TRACKS],
  asRead: readWholePixels,
  notices: wanNotices,
  write: ({ prepared }) => ({ main: writeWan2gp(prepared) }),
};

function writeWan2gp({ tracks, shownTN, size }: PreparedTracks): Uint8Array {
  const { frameCount, pointCount, tracksTN2 } = tracks;
  const out = new Float32Array(tracksTN2.length);
  for (let i = 0; i < shownTN.length; i++) {
    const shown = shownTN[i] === 1;
    out[2 * i] = shown ? readable(tracksTN2[2 * i] + EDGE_SHIFT, size.width) : -1;
    out[2 * i + 1] = shown ? readable(tracksTN2[2 * i + 1] + EDGE_SHIFT, size.height) : -1;
  }
  return writeNpy([frameCount, pointCount, 2], "float32", out);
}

/** From 0 to 1: `at` of `side` px, as near to it as the reader's rounding allows. */
function readable(at: number, side: number): number {
  const pixel = Math.floor(at);
  let low = (pixel - 0.5 + MARGIN_PX) / side;
  let high = (pixel + 0.5 - MARGIN_PX) / side;
  for (const other of USUAL_SIDES) {
    const cell = CELL_PX * Math.floor((at * other) / side / CELL_PX);
    const from = Math.max(low, (cell - 0.5 + MARGIN_PX) / other);
    const to = Math.min(high, (cell + CELL_PX - 0.5 - MARGIN_PX) / other);
    if (from < to) [low, high] = [from, to];
  }
  return Math.max(0, Math.min(high, Math.max(low, at / side)));
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type CameraMove, makeScene } from "../engine/space/testing.ts";
import { writeNpz } from "../formats/containers/npz.ts";
import { camerasAs } from "./camera-entries.ts";
import { readFlags } from "./read-flags.ts";
import { writeWhole } from "./write-whole.ts";

const USAGE = `tsx src/cli/made-scenes.ts --out DIR [--seeds 3] [--first 1]
The adjustment's own test scenes with their truth, for "foretrack evaluate field --made DIR":
DIR/PX_MOVE_SEED.npz has tracks_tn2, visibility_tn, anchor, focal_px, rho_n, moving_n,
rotation_t9 and translation_t3 (world to camera) and way_tn3 (movers, in their own depths).`;

const TRAVELLING: readonly CameraMove[] = ["sideways", "forward", "orbit", "walk"];
const STANDING: readonly CameraMove[] = ["still", "shake", "pan", "zoom"];
const FOCAL_PX = 700;

async function main(): Promise<void> {
  const { values } = readFlags(USAGE, {
    options: {
      out: { type: "string" },
      seeds: { type: "string", default: "3" },
      first: { type: "string", default: "1" },
    },
  });
  if (!values.out) {
    console.log(USAGE);
    process.exitCode = 2;
    return;
  }
  mkdirSync(values.out, { recursive: true });
  for (const parallaxPx of [0, 2, 6.5, 20, 65]) {
    for (const move of parallaxPx ? TRAVELLING : STANDING) {
      for (let i = 0; i < Number(values.seeds); i++) {
        const seed = Number(values.first) + i;
        const scene = makeScene({ seed, move, parallaxPx, moving: 0.25, focalPx: FOCAL_PX });
        const { tracks, anchorFrame } = scene.observations;
        const shape = [tracks.frameCount, tracks.pointCount];
        await writeWhole(
          join(values.out, `${parallaxPx}_${move}_${seed}.npz`),
          writeNpz([
            {
              name: "tracks_tn2",
              shape: [...shape, 2],
              dtype: "float32",
              values: tracks.tracksTN2,
            },
            { name: "visibility_tn", shape, dtype: "uint8", values: tracks.visibilityTN },
            { name: "anchor", shape: [], dtype: "float32", values: [anchorFrame] },
            { name: "focal_px", shape: [], dtype: "float32", values: [FOCAL_PX] },
            { name: "rho_n", shape: [shape[1]], dtype: "float32", values: scene.inverseDepthN },
            { name: "moving_n", shape: [shape[1]], dtype: "uint8", values: scene.movingN },
            ...camerasAs("", scene.cameras),
            { name: "way_tn3", shape: [...shape, 3], dtype: "float32", values: scene.wayTN3 },
          ]),
        );
      }
    }
  }
}

await main();

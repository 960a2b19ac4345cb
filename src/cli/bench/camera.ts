import { cameraOf } from "../../domain/edits/camera.ts";
import type { Assumed } from "../../domain/edits/depth.ts";
import { gridQueryXyN2 } from "../../domain/grid.ts";
import { type Pose, turnAbout } from "../../domain/pose.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { createTracks } from "../../domain/tracks.ts";
import { planLook } from "../../engine/completion/look.ts";
import { futureOf, historyOf } from "../../engine/completion/testing.ts";
import {
  CAMERA_CASES,
  exactAssumed,
  parallaxAssumed,
  scoreCamera,
} from "../../engine/edits/camera/testing.ts";
import { compileEdits } from "../../engine/edits/compile.ts";
import { previewFuture } from "../../engine/edits/preview.ts";
import { compareCosts, reportCost, type Section } from "./measure.ts";

const HORIZON = 81;
const REPEATS = 10;
/** Rows and columns of about 6,000 tracks. */
const DENSE = { ...WORKING_SIZE, rows: 60, columns: 104 };

const ASSUMED: Readonly<Record<string, () => Assumed | Promise<Assumed>>> = {
  "true depth": exactAssumed,
  "depth ratio 30 % too large": () => exactAssumed({ depthRatio: 1.3 }),
  "depth ratio 30 % too small": () => exactAssumed({ depthRatio: 0.7 }),
  "field of view 30 % too wide": () => exactAssumed({ fov: 1.3 }),
  "field of view 30 % too narrow": () => exactAssumed({ fov: 0.7 }),
  "relief from parallax": () => parallaxAssumed([0.4, 0.05, 0.3], 0.3),
};

/** What a camera in space costs, and how far its tracks are from those of a scene known exactly. */
export const benchCamera: Section = async (report) => {
  const assumed = exactAssumed();
  const names = { id: "camera", name: "Camera" };
  const orbit = cameraOf(names, "orbit", [300, 280], assumed, HORIZON);
  const history = historyOf(() => [0, 0]);
  const constraints = compileEdits([orbit], history, HORIZON);
  if (!constraints?.camera) throw new Error("the camera asks nothing");
  const { camera } = constraints;
  const future = futureOf(() => [0, 0], HORIZON);
  const denseN2 = gridQueryXyN2("cell-centre", DENSE);
  const dense = createTracks(HORIZON, denseN2.length / 2);
  for (let t = 0; t < HORIZON; t++) dense.tracksTN2.set(denseN2, t * denseN2.length);
  const startN2 = history.tracksTN2.subarray(-2 * history.pointCount);
  const costs = await compareCosts(
    {
      "compile a camera": async () => compileEdits([orbit], history, HORIZON),
      "preview of a pointer move, a camera": async () =>
        previewFuture(future, [orbit], history, WORKING_SIZE),
      "z-buffer and view of 390 tracks": async () =>
        planLook(camera, startN2, WORKING_SIZE).at(future),
      [`z-buffer and view of ${denseN2.length / 2} tracks`]: async () =>
        planLook(camera, denseN2, WORKING_SIZE).at({ seed: 1, tracks: dense }),
    },
    REPEATS,
  );
  for (const [what, cost] of Object.entries(costs)) reportCost(report, cost, { what });
  for (const [how, assume] of Object.entries(ASSUMED)) {
    const known = await assume();
    for (const name of Object.keys(CAMERA_CASES)) {
      const { epePx, visibility, covering } = scoreCamera(name, known);
      report({ what: `${name}, ${how}: EPE`, value: epePx, unit: "px" });
      report({ what: `${name}, ${how}: visibility right`, value: 100 * visibility, unit: "%" });
      report({ what: `${name}, ${how}: covering right`, value: 100 * covering, unit: "%" });
    }
  }
  for (const [how, assumed] of Object.entries(await travelled())) {
    for (const name of Object.keys(CAMERA_CASES)) {
      const { epePx } = scoreCamera(name, assumed, { own: travels });
      report({ what: `${name}, own camera travels, ${how}: EPE`, value: epePx, unit: "px" });
    }
  }
};

/** A forecast whose own camera goes half a metre to the right and a little ahead. */
const travels = (u: number): Pose => ({
  rotation: turnAbout("y", (4 * u * Math.PI) / 180),
  translation: [-0.5 * u, 0.05 * u, -0.3 * u],
});

/** Reliefs that a travelling camera can be taken out by; a guessed one leaves it as an affine map. */
async function travelled(): Promise<Readonly<Record<string, Assumed>>> {
  const exact = exactAssumed();
  const { depth } = exact;
  return {
    "true depth": exact,
    "relief from parallax": await parallaxAssumed([0.4, 0.05, 0.3], 0.3),
    ...(depth.source === "ground"
      ? {}
      : {
          "true depth, camera as an affine map": {
            ...exact,
            depth: { ...depth, source: "guessed" },
          },
        }),
  };
}

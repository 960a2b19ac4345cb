import { linearOf } from "../../domain/colour.ts";
import { curvePoint } from "../../domain/curve-basis.ts";
import { MOVING } from "../../domain/space-field.ts";
import { worldFromCamera } from "./common/camera-path.ts";
import type { ExportFormat, ExportJob } from "./common/format.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";
import {
  type CurvePiece,
  IN_SPACE,
  type SpaceScene,
  spaceNotices,
  spaceSceneOf,
} from "./common/space-scene.ts";
import { round } from "./common/time.ts";

/** Of the lens, as film cameras have it. */
const APERTURE_MM = 36;
const POINT_WIDTH = 0.012;
const LINE_WIDTH = 0.004;

/**
 * USD as text, y up, time codes are frames. Under `/Foretrack`: `still` (Points), `moving` (Points with
 * samples a frame), `paths` (BasisCurves, cubic Bézier: exactly the curves of what moves), `camera`
 * (Camera: transform a frame, lens in mm of a 36 mm film).
 */
export const usd: ExportFormat = {
  ...IN_SPACE,
  name: "usd",
  label: "USD",
  description:
    "Points over time, their paths and the camera as USD text, for Blender, Houdini, Omniverse.",
  extension: ".usda",
  mediaType: "model/vnd.usda",
  defaults: { segment: "future" },
  options: [SEGMENT, SIZE, FPS, FRAMES],
  notices: spaceNotices,
  write: (job) => ({ main: writeUsd(job) }),
};

/** From y down, z forward to y up, −z forward. */
const upright = ([x, y, z]: ArrayLike<number> & Iterable<number>) =>
  `(${[x, -y, -z].map((value) => round(value, 7) + 0).join(", ")})`;

function writeUsd(job: ExportJob): string {
  const scene = spaceSceneOf(job);
  const { cameras, fps, stateN } = scene;
  const movers = [...stateN.keys()].filter((n) => stateN[n] === MOVING);
  const still = [...stateN.keys()].filter((n) => stateN[n] !== MOVING);
  return `#usda 1.0
(
    defaultPrim = "Foretrack"
    startTimeCode = 0
    endTimeCode = ${cameras.frameCount - 1}
    timeCodesPerSecond = ${round(fps, 6)}
    framesPerSecond = ${round(fps, 6)}
    upAxis = "Y"
    doc = "Lengths are in median depths of what stands still."
)

def Xform "Foretrack"
{
${still.length > 0 ? stillPoints(scene, still) : ""}${movers.length > 0 ? movingPoints(scene, movers) + paths(scene, movers) : ""}${camera(scene)}}
`;
}

function placesAt({ positionsTN3, stateN }: SpaceScene, t: number, points: readonly number[]) {
  const places = points.map((n) => {
    const at = 3 * (t * stateN.length + n);
    return upright(positionsTN3.subarray(at, at + 3));
  });
  return `[${places.join(", ")}]`;
}

/** Colours of USD are linear light; pictures are sRGB. */
function shared({ rgbN3, pointIds }: SpaceScene, points: readonly number[]): string {
  const colours = points.map((n) => {
    const rgb = [...rgbN3.subarray(3 * n, 3 * n + 3)].map((value) => linearOf(value / 255));
    return `(${rgb.map((value) => round(value, 4)).join(", ")})`;
  });
  return `        color3f[] primvars:displayColor = [${colours.join(", ")}] (
            interpolation = "vertex"
        )
        float[] widths = [${points.map(() => POINT_WIDTH).join(", ")}]
        int64[] ids = [${points.map((n) => pointIds[n]).join(", ")}]
`;
}

function stillPoints(scene: SpaceScene, points: readonly number[]): string {
  return `    def Points "still"
    {
        point3f[] points = ${placesAt(scene, 0, points)}
${shared(scene, points)}    }

`;
}

function movingPoints(scene: SpaceScene, points: readonly number[]): string {
  const samples = Array.from({ length: scene.cameras.frameCount }, (_, t) => {
    return `            ${t}: ${placesAt(scene, t, points)},`;
  });
  return `    def Points "moving"
    {
        point3f[] points.timeSamples = {
${samples.join("\n")}
        }
${shared(scene, points)}    }

`;
}

function paths(scene: SpaceScene, points: readonly number[]): string {
  const curves = scene.pieces.flatMap((piece) => points.map((n) => bezierOf(piece, n)));
  return `    def BasisCurves "paths"
    {
        uniform token type = "cubic"
        uniform token basis = "bezier"
        uniform token wrap = "nonperiodic"
        int[] curveVertexCounts = [${curves.map((curve) => curve.length).join(", ")}]
        point3f[] points = [${curves.flat().map(upright).join(", ")}]
        float[] widths = [${LINE_WIDTH}] (
            interpolation = "constant"
        )
    }

`;
}

/**
 * The B-spline of point n as Bézier pieces, one a span: a cubic through its values at 0, ⅓, ⅔ and 1 has
 * the inner control points (−5x₀ + 18x₁ − 9x₂ + 2x₃)/6 and (2x₀ − 9x₁ + 18x₂ − 5x₃)/6.
 */
function bezierOf({ controlNK3, controlCount }: CurvePiece, n: number): number[][] {
  const own = controlNK3.subarray(3 * n * controlCount, 3 * (n + 1) * controlCount);
  const spans = controlCount - 3;
  const out: number[][] = [curvePoint("smooth", own, 3, 0)];
  for (let span = 0; span < spans; span++) {
    const [a, b, c, d] = [0, 1, 2, 3].map((i) =>
      curvePoint("smooth", own, 3, (span + i / 3) / spans),
    );
    const mixed = (p: number, q: number, r: number, s: number) =>
      a.map((value, i) => (p * value + q * b[i] + r * c[i] + s * d[i]) / 6);
    out.push(mixed(-5, 18, -9, 2), mixed(2, -9, 18, -5), d);
  }
  return out;
}

function camera({ cameras, size }: SpaceScene): string {
  const keys = (line: (t: number) => string) =>
    Array.from({ length: cameras.frameCount }, (_, t) => `            ${t}: ${line(t)},`).join(
      "\n",
    );
  const matrix = (t: number) => {
    const { rows, eye } = worldFromCamera(cameras, t);
    // Both the world and the camera are turned upright; USD's matrices act on rows.
    const turned = rows.map((row, i) => row.map((value, j) => sign(i) * sign(j) * value));
    const columns = [0, 1, 2].map((j) => [turned[0][j], turned[1][j], turned[2][j], 0]);
    const all = [...columns, [eye[0], -eye[1], -eye[2], 1]];
    return `( ${all.map((row) => `(${row.map((v) => round(v, 9) + 0).join(", ")})`).join(", ")} )`;
  };
  const perPx = APERTURE_MM / size.width;
  return `    def Camera "camera"
    {
        float horizontalAperture = ${APERTURE_MM}
        float verticalAperture = ${round(perPx * size.height, 6)}
        float2 clippingRange = (0.01, 1000)
        float focalLength.timeSamples = {
${keys((t) => String(round(perPx * cameras.focalPxT[t], 6)))}
        }
        matrix4d xformOp:transform.timeSamples = {
${keys(matrix)}
        }
        uniform token[] xformOpOrder = ["xformOp:transform"]
    }
`;
}

const sign = (axis: number) => (axis === 0 ? 1 : -1);

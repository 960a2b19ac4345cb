import { videoPxFromWorld } from "../../domain/pinhole.ts";
import { quaternionOfRotation } from "../../domain/quaternion.ts";
import { STATIC } from "../../domain/space-field.ts";
import type { ExportFormat, ExportJob } from "./common/format.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";
import { EDGE_SHIFT } from "./common/pixel-edge.ts";
import { IN_SPACE, type SpaceScene, spaceNotices, spaceSceneOf } from "./common/space-scene.ts";
import { round } from "./common/time.ts";
import type { ExportFile } from "./common/types.ts";

/**
 * A sparse model as COLMAP 3 and 4 read it from text, pixels from the left and top edge, 12 numbers after
 * the decimal point at most.
 * - `cameras.txt`: id SIMPLE_PINHOLE width height f cx cy; one camera, or one a frame where the lens zooms;
 * - `images.txt`: id qw qx qy qz tx ty tz camera name (world to camera), then x y point for each still
 *   point that is seen; images are named `0001.png` and on;
 * - `points3D.txt`: id x y z r g b error, then image and place in it for each sight.
 * Only what stands still and is seen at least twice is in it. A sight is where the track was, so that the
 * error is what the still scene leaves of it.
 */
export const colmap: ExportFormat = {
  ...IN_SPACE,
  name: "colmap",
  label: "COLMAP",
  description: "Cameras, still points and their sights as a COLMAP model in text.",
  extension: ".zip",
  mediaType: "application/zip",
  severalFiles: true,
  defaults: { segment: "past" },
  options: [SEGMENT, SIZE, FPS, FRAMES],
  notices: (job) => [
    ...spaceNotices(job),
    "What moves by itself is left out: COLMAP knows only what stands still.",
  ],
  write: (job) => ({ main: writeColmap(job) }),
};

interface Sight {
  readonly image: number;
  readonly place: number;
  readonly errorPx: number;
}

function writeColmap(job: ExportJob): ExportFile[] {
  const scene = spaceSceneOf(job);
  const { cameras, size, stateN, shownTN } = scene;
  const { frameCount, focalPxT, centre } = cameras;
  const N = stateN.length;
  const seen = Uint16Array.from(stateN, (_, n) => {
    let count = 0;
    for (let t = 0; t < frameCount; t++) count += shownTN[t * N + n];
    return count;
  });
  const points = [...stateN.keys()].filter((n) => stateN[n] === STATIC && seen[n] > 1);
  const zooms = focalPxT.some((focal) => focal !== focalPxT[0]);
  const cameraLines = Array.from({ length: zooms ? frameCount : 1 }, (_, t) => {
    const c = centre.map((value) => round(value + EDGE_SHIFT, 6));
    return `${t + 1} SIMPLE_PINHOLE ${size.width} ${size.height} ${round(focalPxT[t], 6)} ${c.join(" ")}`;
  });
  const sights = new Map<number, Sight[]>(points.map((n) => [n, []]));
  const imageLines: string[] = [];
  for (let t = 0; t < frameCount; t++) {
    const q = quaternionOfRotation(cameras.rotationT9.subarray(9 * t, 9 * t + 9));
    const shift = cameras.translationT3.subarray(3 * t, 3 * t + 3);
    const pose = [...q, ...shift].map((value) => round(value, 9)).join(" ");
    const name = `${String(t + 1).padStart(4, "0")}.png`;
    const here = points.filter((n) => shownTN[t * N + n]);
    const own = here.map((n, place) => {
      const [x, y] = placeOf(job, scene, t, n);
      const [u, v] = videoPxFromWorld(cameras, t, worldAt(scene, t, n));
      sights.get(n)?.push({ image: t + 1, place, errorPx: Math.hypot(x - u, y - v) });
      return `${round(x + EDGE_SHIFT, 4)} ${round(y + EDGE_SHIFT, 4)} ${n + 1}`;
    });
    imageLines.push(`${t + 1} ${pose} ${zooms ? t + 1 : 1} ${name}`, own.join(" "));
  }
  const pointLines = points.map((n) => {
    const own = sights.get(n) ?? [];
    const error = own.reduce((sum, { errorPx }) => sum + errorPx, 0) / Math.max(1, own.length);
    const place = worldAt(scene, 0, n).map((value) => round(value, 9));
    const rgb = scene.rgbN3.subarray(3 * n, 3 * n + 3);
    const track = own.map((sight) => `${sight.image} ${sight.place}`);
    return `${n + 1} ${place.join(" ")} ${rgb.join(" ")} ${round(error, 4)} ${track.join(" ")}`;
  });
  const file = (name: string, lines: readonly string[]) => {
    return { name, bytes: new TextEncoder().encode(`${lines.join("\n")}\n`) };
  };
  return [
    file("cameras.txt", ["# id model width height f cx cy", ...cameraLines]),
    file("images.txt", ["# id qw qx qy qz tx ty tz camera name; x y point ...", ...imageLines]),
    file("points3D.txt", ["# id x y z r g b error; image place ...", ...pointLines]),
  ];
}

function worldAt({ positionsTN3, stateN }: SpaceScene, t: number, n: number) {
  const [x, y, z] = positionsTN3.subarray(3 * (t * stateN.length + n));
  return [x, y, z] as const;
}

/** Where the track was; of denser points, where the camera sees them. */
function placeOf({ prepared }: ExportJob, scene: SpaceScene, t: number, n: number) {
  const column = scene.columnN[n];
  if (column < 0) return videoPxFromWorld(scene.cameras, t, worldAt(scene, t, n));
  const at = 2 * (t * prepared.tracks.pointCount + column);
  return [prepared.tracks.tracksTN2[at], prepared.tracks.tracksTN2[at + 1]] as const;
}

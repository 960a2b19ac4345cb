import { hexFromRgb } from "../../domain/colour.ts";
import { directionColour } from "../../domain/data-colours.ts";
import type { PictureSight } from "../../domain/latent.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { displacementsTN2, motionOfField } from "../../engine/exploration/field.ts";

/** Lines of one future's movers, ready to be drawn from any side. */
export interface FutureLines {
  /** [P] the points that are drawn. */
  readonly points: readonly number[];
  /** [T,N,2] videoPx. */
  readonly positionsTN2: Float32Array;
  readonly frameCount: number;
  readonly pointCount: number;
}

/** From where a volume of picture and time is seen, radians; 0, 0 = the picture from the front. */
export interface VolumeView {
  readonly yaw: number;
  readonly pitch: number;
}

const MOST_LINES = 90;
/** Of the picture's width, as in the paper's figures: points that go less far are ground. */
const LEAST_MOTION = 0.01;
/** Of the furthest points' way: what only sways along with them is left out too. */
const LEAST_OF_FURTHEST = 0.2;
/** Every how many-th frame is a corner of a line. */
const STRIDE = 4;
/** Of the picture's width: the length of the time axis. */
const DEPTH = 0.75;

export function futureLines(sight: PictureSight, fieldCN: Float32Array): FutureLines {
  const motion = motionOfField(sight, fieldCN);
  const furthest = Math.max(...motion);
  const least = Math.max(LEAST_MOTION * sight.width, LEAST_OF_FURTHEST * furthest);
  const movers = [...motion.keys()]
    .filter((n) => motion[n] > least)
    .sort((a, b) => motion[b] - motion[a]);
  // Every so many-th of the movers, so that the slower ones are among them.
  const step = Math.max(1, Math.ceil(movers.length / MOST_LINES));
  const positionsTN2 = displacementsTN2(sight, fieldCN);
  const { queryXyN2 } = sight;
  for (let i = 0; i < positionsTN2.length; i++) positionsTN2[i] += queryXyN2[i % queryXyN2.length];
  return {
    points: movers.filter((_, i) => i % step === 0),
    positionsTN2,
    frameCount: sight.frameCount,
    pointCount: queryXyN2.length / 2,
  };
}

/** Lines of points all over the picture, whether they move or not. */
export function linesOfAll(
  { queryXyN2, frameCount }: PictureSight,
  { tracksTN2 }: Tracks,
): FutureLines {
  const pointCount = queryXyN2.length / 2;
  const step = Math.ceil(pointCount / MOST_LINES);
  const points = Array.from({ length: Math.ceil(pointCount / step) }, (_, i) => i * step);
  return { points, positionsTN2: tracksTN2, frameCount, pointCount };
}

export interface Scene {
  readonly sight: PictureSight;
  readonly picture: CanvasImageSource | null;
  readonly view: VolumeView;
  /** Drawn first and faint. */
  readonly faint: readonly FutureLines[];
  readonly strong: FutureLines | null;
}

/** Draws futures over their picture, coloured by the direction of every step. */
export function drawFutures(
  context: CanvasRenderingContext2D,
  { width, height }: { readonly width: number; readonly height: number },
  { sight, picture, view, faint, strong }: Scene,
): void {
  const project = projection(sight, view, width, height);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  if (picture) {
    const [ox, oy] = project(0, 0, 0);
    const [rx, ry] = project(sight.width, 0, 0);
    const [dx, dy] = project(0, sight.height, 0);
    context.setTransform(rx - ox, ry - oy, dx - ox, dy - oy, ox, oy);
    context.globalAlpha = 0.5;
    context.drawImage(picture, 0, 0, 1, 1);
    context.setTransform(1, 0, 0, 1, 0, 0);
  }
  context.lineCap = "round";
  const unit = width / 260;
  context.globalAlpha = 0.16;
  for (const lines of faint) strokeLines(context, lines, project, 0.8 * unit);
  context.globalAlpha = 1;
  if (strong) strokeLines(context, strong, project, 1.5 * unit);
}

type Project = (x: number, y: number, share: number) => readonly [number, number];

/** Orthographic, so that the picture's plane stays a parallelogram. `share`: of the time, 0..1. */
function projection(
  sight: PictureSight,
  { yaw, pitch }: VolumeView,
  width: number,
  height: number,
): Project {
  const flat = yaw === 0 && pitch === 0;
  const [sinY, cosY, sinP, cosP] = [Math.sin(yaw), Math.cos(yaw), Math.sin(pitch), Math.cos(pitch)];
  const ratio = sight.height / sight.width;
  const spanX = flat ? 1 : Math.abs(cosY) + DEPTH * Math.abs(sinY);
  const spanY = flat
    ? ratio
    : ratio * cosP + (Math.abs(sinY) + DEPTH * Math.abs(cosY)) * Math.abs(sinP);
  const scale = Math.min(width / spanX, height / spanY);
  return (px, py, share) => {
    const x = px / sight.width - 0.5;
    const y = py / sight.width - ratio / 2;
    const z = flat ? 0 : DEPTH * (share - 0.5);
    const turned = cosY * x + sinY * z;
    const away = -sinY * x + cosY * z;
    return [width / 2 + scale * turned, height / 2 + scale * (cosP * y - sinP * away)];
  };
}

function strokeLines(
  context: CanvasRenderingContext2D,
  { points, positionsTN2, frameCount, pointCount }: FutureLines,
  project: Project,
  lineWidth: number,
): void {
  context.lineWidth = lineWidth;
  const at = (t: number, n: number) => 2 * (t * pointCount + n);
  for (const n of points) {
    for (let t = 0; t + STRIDE < frameCount; t += STRIDE) {
      const [i, j] = [at(t, n), at(t + STRIDE, n)];
      const [dx, dy] = [
        positionsTN2[j] - positionsTN2[i],
        positionsTN2[j + 1] - positionsTN2[i + 1],
      ];
      context.strokeStyle = colourOf(Math.atan2(dy, dx));
      context.beginPath();
      context.moveTo(...project(positionsTN2[i], positionsTN2[i + 1], t / frameCount));
      context.lineTo(...project(positionsTN2[j], positionsTN2[j + 1], (t + STRIDE) / frameCount));
      context.stroke();
    }
  }
}

const HUES = 48;
const WHEEL = Array.from({ length: HUES }, (_, i) =>
  hexFromRgb(directionColour((2 * Math.PI * i) / HUES)),
);

function colourOf(angle: number): string {
  return WHEEL[(Math.round((angle / (2 * Math.PI)) * HUES) + HUES) % HUES];
}

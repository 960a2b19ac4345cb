import { PAST_COLOUR } from "../../domain/data-colours.ts";
import type { Tracks } from "../../domain/tracks.ts";

/** One frame of tracks. */
export interface TracksAt {
  readonly tracks: Tracks;
  readonly frame: number;
}

/** Of more points than this one a cell is drawn: more would hide the picture and say no more. */
const MANY_POINTS = 1500;
const CELL_PX = 16;
/** Frames of past drawn behind each point. */
const TRAIL = 16;
const HIDDEN_COLOUR = "#f08a7c";

/** Draws points where they are, each with its trail; hidden ones hollow. Canvas pixels = videoPx. */
export function drawTracks(
  context: CanvasRenderingContext2D,
  picture: OffscreenCanvas | null,
  at: TracksAt | null,
): void {
  const { width, height } = context.canvas;
  context.globalAlpha = 1;
  context.fillStyle = "#0b0c0e";
  context.fillRect(0, 0, width, height);
  context.globalAlpha = at ? 0.7 : 1;
  if (picture) context.drawImage(picture, 0, 0, width, height);
  context.globalAlpha = 1;
  if (!at) return;
  const points = drawnPoints(at.tracks);
  context.lineWidth = 1.5;
  context.strokeStyle = PAST_COLOUR;
  context.fillStyle = PAST_COLOUR;
  trails(context, at, points);
  dots(context, at, points);
}

/** The same points in every frame: the first of each cell of the first frame. */
function drawnPoints({ pointCount, tracksTN2 }: Tracks): readonly number[] {
  const all = Array.from({ length: pointCount }, (_, n) => n);
  if (pointCount <= MANY_POINTS) return all;
  const taken = new Set<string>();
  return all.filter((n) => {
    const cell = `${Math.floor(tracksTN2[2 * n] / CELL_PX)},${Math.floor(tracksTN2[2 * n + 1] / CELL_PX)}`;
    return !taken.has(cell) && taken.add(cell);
  });
}

function trails(
  context: CanvasRenderingContext2D,
  { tracks, frame }: TracksAt,
  points: readonly number[],
): void {
  const { pointCount: N, tracksTN2 } = tracks;
  context.beginPath();
  for (const n of points) {
    const start = Math.max(0, frame - TRAIL);
    for (let t = start; t <= frame; t++) {
      const i = 2 * (t * N + n);
      // Canvas pixels count from their edge, videoPx from their centre.
      if (t === start) context.moveTo(tracksTN2[i] + 0.5, tracksTN2[i + 1] + 0.5);
      else context.lineTo(tracksTN2[i] + 0.5, tracksTN2[i + 1] + 0.5);
    }
  }
  context.globalAlpha = 0.75;
  context.stroke();
  context.globalAlpha = 1;
}

function dots(
  context: CanvasRenderingContext2D,
  { tracks, frame }: TracksAt,
  points: readonly number[],
): void {
  const { pointCount: N, tracksTN2, visibilityTN } = tracks;
  for (const visible of [0, 1]) {
    context.beginPath();
    for (const n of points) {
      const i = frame * N + n;
      if (visibilityTN[i] !== visible) continue;
      const x = tracksTN2[2 * i] + 0.5;
      const y = tracksTN2[2 * i + 1] + 0.5;
      context.moveTo(x + 3, y);
      context.arc(x, y, 3, 0, 2 * Math.PI);
    }
    if (visible) context.fill();
    else {
      context.strokeStyle = HIDDEN_COLOUR;
      context.stroke();
    }
  }
}

import { PAST_COLOUR } from "../../domain/data-colours.ts";
import type { Tracks } from "../../domain/tracks.ts";

/** One frame of tracks. */
export interface TracksAt {
  readonly tracks: Tracks;
  readonly frame: number;
}

/** More dots than this hide the picture and say no more. */
const MOST_POINTS = 3000;
/** Frames of past drawn behind each point. */
const TRAIL = 16;
const HIDDEN_COLOUR = "#f08a7c";

/** Draws points where they are, each with its trail; hidden ones hollow. Canvas pixels = videoPx. */
export function drawTracks(
  context: CanvasRenderingContext2D,
  picture: ImageBitmap | null,
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
  const step = Math.max(1, Math.ceil(at.tracks.pointCount / MOST_POINTS));
  context.lineWidth = 1.5;
  context.strokeStyle = PAST_COLOUR;
  context.fillStyle = PAST_COLOUR;
  trails(context, at, step);
  dots(context, at, step);
}

function trails(
  context: CanvasRenderingContext2D,
  { tracks, frame }: TracksAt,
  step: number,
): void {
  const { pointCount: N, tracksTN2 } = tracks;
  context.beginPath();
  for (let n = 0; n < N; n += step) {
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

function dots(context: CanvasRenderingContext2D, { tracks, frame }: TracksAt, step: number): void {
  const { pointCount: N, tracksTN2, visibilityTN } = tracks;
  for (const visible of [0, 1]) {
    context.beginPath();
    for (let n = 0; n < N; n += step) {
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

import { GRID_COLUMNS, gridQueryXyN2, POINT_COUNT } from "../../src/domain/grid.ts";
import { createTracks, type Tracks } from "../../src/domain/tracks.ts";
import type { ViewportData } from "../../src/viewport/options.ts";

/** A made-up scene for the viewport's tests: a ball, a walker and a slow pan. Test page only. */
const FRAMES = 81;
const NOW = 80;

function noise(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / 2 ** 32;
  };
}

interface Body {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
  readonly colour: string;
  move(t: number, turn: number, push: number): readonly [number, number];
}

/** `t` counts frames from "now". */
export const BODIES: readonly Body[] = [
  {
    x: 280,
    y: 300,
    rx: 95,
    ry: 95,
    colour: "#c96f4a",
    move: (t, turn, push) =>
      t < 0 ? [3.1 * t, 0.012 * t * t] : [3.1 * t * push, 0.012 * t * t + turn * 0.028 * t * t],
  },
  {
    x: 590,
    y: 270,
    rx: 60,
    ry: 150,
    colour: "#4d7ea8",
    move: (t, turn, push) => [
      -1.5 * t * (t < 0 ? 1 : push) + (t > 0 ? turn * 0.02 * t * t : 0),
      6 * Math.sin(t * 0.4),
    ],
  },
];

const pan = (t: number) => [-0.25 * t, 0.05 * t] as const;

function bodyOf(x: number, y: number): Body | null {
  return BODIES.find((b) => ((x - b.x) / b.rx) ** 2 + ((y - b.y) / b.ry) ** 2 < 1) ?? null;
}

function trajectories(first: number, count: number, turn: number, push: number): Tracks {
  const query = gridQueryXyN2();
  const tracks = createTracks(count, POINT_COUNT);
  for (let i = 0; i < count; i++) {
    const t = first + i;
    for (let n = 0; n < POINT_COUNT; n++) {
      const x = query[2 * n];
      const y = query[2 * n + 1];
      const body = bodyOf(x, y);
      const [dx, dy] = body ? body.move(t, turn, push) : [0, 0];
      const [px, py] = pan(t);
      const o = i * POINT_COUNT + n;
      tracks.tracksTN2[2 * o] = x + dx + px;
      tracks.tracksTN2[2 * o + 1] = y + dy + py;
      const covered = !body && coveredAt(x + px, y + py, t, turn, push);
      tracks.visibilityTN[o] = covered ? 0 : 1;
    }
  }
  return tracks;
}

function coveredAt(x: number, y: number, t: number, turn: number, push: number): boolean {
  return BODIES.some((b) => {
    const [dx, dy] = b.move(t, turn, push);
    return ((x - b.x - dx) / b.rx) ** 2 + ((y - b.y - dy) / b.ry) ** 2 < 1;
  });
}

export function sceneData(futureCount: number, ensembleCount = 0): ViewportData {
  const future = (seed: number) => {
    const next = noise(seed + 5);
    next();
    return trajectories(1, FRAMES, next() * 2 - 1, 0.5 + next());
  };
  return {
    history: trajectories(1 - FRAMES, FRAMES, 0, 1),
    futures: Array.from({ length: futureCount }, (_, k) => future(k)),
    truth: trajectories(1, FRAMES, 0.25, 0.9),
    derived: { ensemble: Array.from({ length: ensembleCount }, (_, k) => future(100 + k)) },
    queryXyN2: gridQueryXyN2(),
    fps: 16,
    nowFrame: NOW,
  };
}

/** The picture of a frame of the timeline, 832×480. */
export function scenePicture(frame: number): HTMLCanvasElement {
  const t = frame - NOW;
  const canvas = document.createElement("canvas");
  canvas.width = 832;
  canvas.height = 480;
  const c = canvas.getContext("2d");
  if (!c) throw new Error("no 2-D canvas");
  const sky = c.createLinearGradient(0, 0, 0, 480);
  sky.addColorStop(0, "#b9cad6");
  sky.addColorStop(0.55, "#e6dccb");
  sky.addColorStop(0.56, "#7c8a63");
  sky.addColorStop(1, "#4d5a3f");
  c.fillStyle = sky;
  c.fillRect(0, 0, 832, 480);
  const [px, py] = pan(t);
  const next = noise(3);
  for (let i = 0; i < 26; i++) {
    c.fillStyle = `hsl(${90 + 40 * next()} 18% ${28 + 20 * next()}%)`;
    c.fillRect(i * 40 - 80 + px, 170 + 70 * next() + py, 30, 200 * next() + 30);
  }
  for (const body of BODIES) {
    const [dx, dy] = body.move(t, 0.25, 0.9);
    const x = body.x + dx + px;
    const y = body.y + dy + py;
    const shade = c.createRadialGradient(x - body.rx / 3, y - body.ry / 3, 8, x, y, body.ry * 1.1);
    shade.addColorStop(0, "#f3e3cd");
    shade.addColorStop(0.3, body.colour);
    shade.addColorStop(1, "#1f1a1a");
    c.fillStyle = shade;
    c.beginPath();
    c.ellipse(x, y, body.rx, body.ry, 0, 0, 7);
    c.fill();
  }
  return canvas;
}

export { GRID_COLUMNS, NOW };

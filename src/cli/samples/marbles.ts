import type { Colour, Scene, Shape } from "./raster.ts";
import { hash, mix, noise, shade } from "./raster.ts";

const GRAVITY = 900;
const FLOOR = 430;
/** Camera pan in pixels a second. */
const PAN = 34;

interface Ball {
  readonly x0: number;
  readonly vx: number;
  readonly r: number;
  readonly bounce: number;
  readonly phase: number;
  readonly colour: Colour;
}

const BALLS: readonly Ball[] = [
  { x0: 120, vx: 96, r: 44, bounce: 560, phase: 0.2, colour: [222, 104, 74] },
  { x0: 560, vx: 22, r: 60, bounce: 420, phase: 0.55, colour: [74, 132, 196] },
  { x0: 980, vx: -78, r: 36, bounce: 690, phase: 0.9, colour: [232, 186, 84] },
  { x0: 330, vx: 60, r: 28, bounce: 470, phase: 0.4, colour: [112, 170, 116] },
];

const LIGHT: Colour = [198, 168, 128];
const DARK: Colour = [142, 108, 74];
const WALL: Colour = [92, 104, 112];

/** Planks in front, a plastered wall behind. */
function room(worldX: number, y: number): Colour {
  if (y < 300) {
    const plaster = noise(worldX / 26, y / 26) * 0.5 + noise(worldX / 7, y / 7) * 0.3;
    const frame = Math.abs((((worldX % 300) + 300) % 300) - 150) < 60 && y > 70 && y < 210;
    const picture = hash(Math.floor(worldX / 300), 5) * 60;
    const base: Colour = frame ? [120 + picture, 116, 150 - picture] : WALL;
    return shade(base, 0.75 + plaster * 0.6);
  }
  const depth = (y - 300) / 180;
  const plank = Math.floor(worldX / 90 + Math.floor((y - 300) / 45) * 0.37);
  const grain = noise(worldX / 40, y * 0.9) * 0.55 + noise(worldX / 9, y / 2) * 0.3;
  const seam = (y - 300) % 45 < 2 ? 0.6 : 1;
  return shade(mix(DARK, LIGHT, 0.25 * hash(plank, 3) + 0.6 * grain), (0.7 + 0.35 * depth) * seam);
}

function ballShape(ball: Ball, secs: number): Shape[] {
  const period = (2 * ball.bounce) / GRAVITY;
  const t = (secs + ball.phase) % period;
  const height = ball.bounce * t - 0.5 * GRAVITY * t * t;
  const world = ball.x0 + ball.vx * secs;
  const x = world - PAN * secs;
  const y = FLOOR - ball.r - height;
  const turn = world / ball.r;
  const { r } = ball;
  const shadow: Shape = {
    x,
    y: FLOOR,
    reach: r * 1.6,
    distance: (px, py) =>
      (Math.hypot((px - x) / (1.1 + height / 500), (py - FLOOR) * 3.4) - r) * 0.4,
    colour: () => [70, 52, 38],
  };
  const body: Shape = {
    x,
    y,
    reach: r + 2,
    distance: (px, py) => Math.hypot(px - x, py - y) - r,
    colour: (px, py) => {
      const u = (px - x) / r;
      const v = (py - y) / r;
      const a = Math.atan2(v, u) - turn;
      const rings = Math.sin(a * 3) * 0.5 + Math.sin(Math.hypot(u, v) * 9) * 0.4;
      const light = 1.12 - 0.4 * (u * 0.6 + v * 0.8) - 0.25 * (u * u + v * v);
      return shade(mix(ball.colour, [245, 238, 226], rings > 0.25 ? 0.75 : 0), light);
    },
  };
  return [shadow, body];
}

export const marbles: Scene = {
  background: (secs) => (x, y) => room(x + PAN * secs, y),
  shapes: (secs) => BALLS.flatMap((ball) => ballShape(ball, secs)),
};

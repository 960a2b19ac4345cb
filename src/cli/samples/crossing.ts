import type { Colour, Scene, Shape } from "./raster.ts";
import { mix, noise, shade } from "./raster.ts";

/** The clip starts with traffic already on the road. */
const LEAD_SECS = 2.2;
const LANE = 46;
const ROAD_X = 430;
const ROAD_Y = 250;

function onRoad(x: number, y: number): boolean {
  return Math.abs(x - ROAD_X) < 2 * LANE || Math.abs(y - ROAD_Y) < 2 * LANE;
}

function marking(x: number, y: number): boolean {
  const inCrossing = Math.abs(x - ROAD_X) < 2 * LANE && Math.abs(y - ROAD_Y) < 2 * LANE;
  if (inCrossing) return false;
  const alongX = Math.abs(y - ROAD_Y) < 2 && ((x % 48) + 48) % 48 < 26;
  const alongY = Math.abs(x - ROAD_X) < 2 && ((y % 48) + 48) % 48 < 26;
  return alongX || alongY;
}

function ground(x: number, y: number): Colour {
  if (onRoad(x, y)) {
    if (marking(x, y)) return [218, 212, 190];
    return shade([86, 88, 92], 0.82 + 0.3 * noise(x / 4, y / 4) + 0.14 * noise(x / 60, y / 60));
  }
  const roof = Math.abs(((x + 1000) % 190) - 95) < 62 && Math.abs(((y + 1000) % 170) - 85) < 52;
  if (roof) {
    const tile = Math.sin(y / 3.2) * 0.06;
    const warm = noise(Math.floor((x + 1000) / 190) * 3.7, Math.floor((y + 1000) / 170) * 2.3);
    return shade(
      mix([158, 96, 76], [150, 146, 138], warm),
      0.86 + tile + 0.2 * noise(x / 14, y / 14),
    );
  }
  return shade(
    [104, 124, 84],
    0.6 + 0.7 * noise(x / 9, y / 9) * (0.6 + 0.5 * noise(x / 50, y / 50)),
  );
}

interface Pose {
  readonly x: number;
  readonly y: number;
  readonly heading: number;
}

const straight =
  (x: number, y: number, heading: number, speed: number) =>
  (secs: number): Pose => ({
    x: x + Math.cos(heading) * speed * secs,
    y: y + Math.sin(heading) * speed * secs,
    heading,
  });

/** East along the lower lane, a right turn of radius 60, then south. */
function turning(start: number, speed: number) {
  const laneY = ROAD_Y + LANE;
  const turnX = ROAD_X - LANE - 60;
  const radius = 60;
  return (secs: number): Pose => {
    const run = start + speed * secs;
    if (run < turnX) return { x: run, y: laneY, heading: 0 };
    const angle = Math.min(Math.PI / 2, (run - turnX) / radius);
    const x = turnX + Math.sin(angle) * radius;
    const y = laneY + (1 - Math.cos(angle)) * radius;
    const rest = Math.max(0, run - turnX - (radius * Math.PI) / 2);
    return { x, y: y + rest, heading: angle };
  };
}

interface Car {
  readonly pose: (secs: number) => Pose;
  readonly length: number;
  readonly colour: Colour;
}

const CARS: readonly Car[] = [
  { pose: turning(-90, 74), length: 62, colour: [204, 72, 60] },
  { pose: straight(980, ROAD_Y - LANE, Math.PI, 88), length: 66, colour: [66, 118, 178] },
  { pose: straight(1290, ROAD_Y - LANE, Math.PI, 88), length: 96, colour: [222, 216, 204] },
  { pose: straight(ROAD_X - LANE, -330, Math.PI / 2, 62), length: 60, colour: [226, 178, 62] },
  { pose: straight(ROAD_X + LANE, 640, -Math.PI / 2, 70), length: 62, colour: [92, 150, 108] },
];

function box(pose: Pose, length: number, width: number): (x: number, y: number) => number {
  const c = Math.cos(pose.heading);
  const s = Math.sin(pose.heading);
  return (x, y) => {
    const u = Math.abs((x - pose.x) * c + (y - pose.y) * s) - length / 2 + 9;
    const v = Math.abs((y - pose.y) * c - (x - pose.x) * s) - width / 2 + 9;
    return Math.hypot(Math.max(0, u), Math.max(0, v)) + Math.min(0, Math.max(u, v)) - 9;
  };
}

function carShapes({ pose, length, colour }: Car, secs: number): Shape[] {
  const at = pose(secs);
  const c = Math.cos(at.heading);
  const s = Math.sin(at.heading);
  const shadowAt = { ...at, x: at.x + 5, y: at.y + 7 };
  const reach = length / 2 + 14;
  return [
    {
      x: shadowAt.x,
      y: shadowAt.y,
      reach,
      distance: box(shadowAt, length, 34),
      colour: () => [48, 48, 46],
    },
    {
      x: at.x,
      y: at.y,
      reach,
      distance: box(at, length, 34),
      colour: (x, y, inside) => {
        const along = (x - at.x) * c + (y - at.y) * s;
        const across = Math.abs((y - at.y) * c - (x - at.x) * s);
        const glass =
          across < 12 &&
          (Math.abs(along - length * 0.2) < 6 || Math.abs(along + length * 0.28) < 4);
        const lamps = across > 8 && along > length / 2 - 6;
        if (glass) return [40, 50, 60];
        if (lamps) return [250, 240, 200];
        return shade(colour, 0.8 + 0.28 * Math.min(1, inside / 12));
      },
    },
  ];
}

export const crossing: Scene = {
  // A drone that drifts a little.
  background: (secs) => {
    const dx = drift(secs);
    return (x, y) => ground(x + dx, y + dx * 0.3);
  },
  shapes: (secs) => {
    const dx = drift(secs);
    return CARS.flatMap((car) =>
      carShapes(
        {
          ...car,
          pose: (t) => {
            const pose = car.pose(t + LEAD_SECS);
            return { ...pose, x: pose.x - dx, y: pose.y - dx * 0.3 };
          },
        },
        secs,
      ),
    );
  },
};

const drift = (secs: number) => 18 * Math.sin(secs * 0.55);

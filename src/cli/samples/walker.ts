import type { Colour, Scene, Shape } from "./raster.ts";
import { capsule, mix, noise, shade } from "./raster.ts";

/** The camera goes along with the walker, a little slower. */
const CAMERA = 70;
const WALK = 96;
const GROUND = 400;
/** Steps a second of one leg. */
const CADENCE = 0.95;

function layer(world: number, y: number, base: number, height: number, scale: number): boolean {
  return (
    y > base - height * noise(world / scale, base) - 0.3 * height * noise(world / (scale / 4), 7)
  );
}

function landscape(camera: number, x: number, y: number): Colour {
  if (y > GROUND - 14) {
    const world = x + camera;
    const path = Math.abs(y - (GROUND + 22)) < 18;
    const grain = noise(world / 5, y / 3) * 0.6 + noise(world / 30, y / 8) * 0.4;
    return shade(path ? [186, 160, 120] : [104, 132, 72], 0.62 + 0.6 * grain);
  }
  const near = x + camera * 0.55;
  if (layer(near, y, GROUND, 120, 180)) {
    return shade([78, 110, 82], 0.7 + 0.5 * noise(near / 12, y / 12));
  }
  const far = x + camera * 0.25;
  if (layer(far, y, GROUND - 90, 150, 320)) {
    return shade([104, 126, 138], 0.82 + 0.3 * noise(far / 20, y / 20));
  }
  const cloud = noise((x + camera * 0.06) / 130, y / 48) - 0.45;
  return mix(
    mix([150, 186, 214], [226, 222, 206], y / 400),
    [250, 248, 242],
    Math.max(0, cloud) * 1.4,
  );
}

function limb(ax: number, ay: number, bx: number, by: number, r: number, colour: Colour): Shape {
  const distance = capsule(ax, ay, bx, by, r);
  return {
    x: (ax + bx) / 2,
    y: (ay + by) / 2,
    reach: Math.hypot(bx - ax, by - ay) / 2 + r + 2,
    distance,
    colour: (x, y, inside) =>
      shade(colour, 0.72 + 0.34 * Math.min(1, inside / r) + 0.2 * (noise(x - ax, y - ay) - 0.5)),
  };
}

/** Upper and lower part of a leg or arm, bent at the joint. */
function bent(
  x: number,
  y: number,
  swing: number,
  bend: number,
  length: number,
  r: number,
  colour: Colour,
): Shape[] {
  const kneeX = x + Math.sin(swing) * length;
  const kneeY = y + Math.cos(swing) * length;
  const endX = kneeX + Math.sin(swing - bend) * length;
  const endY = kneeY + Math.cos(swing - bend) * length;
  return [limb(kneeX, kneeY, endX, endY, r * 0.85, colour), limb(x, y, kneeX, kneeY, r, colour)];
}

function person(x: number, secs: number): Shape[] {
  const phase = 2 * Math.PI * CADENCE * secs;
  const hipY = GROUND - 92 + 4 * Math.cos(2 * phase);
  const shoulderY = hipY - 82;
  const leg = (shift: number, colour: Colour) => {
    const swing = 0.48 * Math.sin(phase + shift);
    const bend = 0.3 + 0.5 * Math.max(0, Math.cos(phase + shift));
    return bent(x, hipY, swing, bend, 56, 14, colour);
  };
  const arm = (shift: number, colour: Colour) =>
    bent(x + 2, shoulderY + 6, -0.42 * Math.sin(phase + shift), -0.5, 40, 9, colour);
  return [
    ...arm(Math.PI, [150, 62, 54]),
    ...leg(Math.PI, [44, 56, 84]),
    ...leg(0, [58, 74, 110]),
    limb(x, hipY - 4, x + 5, shoulderY + 8, 25, [196, 82, 66]),
    limb(x - 22, hipY - 30, x - 18, shoulderY + 14, 17, [96, 84, 60]),
    limb(x + 10, shoulderY - 34, x + 11, shoulderY - 38, 21, [222, 176, 142]),
    limb(x - 2, shoulderY - 46, x + 16, shoulderY - 54, 13, [62, 44, 34]),
    ...arm(0, [214, 98, 78]),
  ];
}

/** A trunk that passes in front: the walker is hidden for a moment. */
function tree(world: number, camera: number): Shape[] {
  const x = world - camera * 1.25;
  return [limb(x, GROUND + 90, x + 8, 60, 24, [84, 66, 50])];
}

export const walker: Scene = {
  background: (secs) => (x, y) => landscape(CAMERA * secs, x, y),
  shapes: (secs) => [
    ...person(250 + (WALK - CAMERA) * secs, secs),
    ...tree(760, CAMERA * secs),
    ...tree(1290, CAMERA * secs),
  ],
};

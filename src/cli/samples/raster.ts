/** The size and length of a sample clip: 7 seconds, so that past and continuation are full. */
export const SCENE = { width: 832, height: 480, fps: 24, frames: 168 } as const;

export type Colour = readonly [number, number, number];

/** Something drawn over the background: distance in px (negative inside) and colour at a point. */
export interface Shape {
  /** Half-sizes of the box around (x,y) outside which the shape is not drawn. */
  readonly x: number;
  readonly y: number;
  readonly reach: number;
  distance(x: number, y: number): number;
  colour(x: number, y: number, inside: number): Colour;
}

/** A scene in screen pixels; `shapes` are painted in order. */
export interface Scene {
  background(secs: number): (x: number, y: number) => Colour;
  shapes(secs: number): readonly Shape[];
}

/** One frame as RGB bytes, row-major. */
export function renderFrame(scene: Scene, secs: number): Uint8Array {
  const { width, height } = SCENE;
  const rgb = new Uint8Array(width * height * 3);
  const background = scene.background(secs);
  for (let y = 0, p = 0; y < height; y++) {
    for (let x = 0; x < width; x++, p += 3) rgb.set(background(x, y), p);
  }
  for (const shape of scene.shapes(secs)) paint(rgb, shape);
  return rgb;
}

function paint(rgb: Uint8Array, shape: Shape): void {
  const { width, height } = SCENE;
  const left = Math.max(0, Math.floor(shape.x - shape.reach));
  const right = Math.min(width - 1, Math.ceil(shape.x + shape.reach));
  const top = Math.max(0, Math.floor(shape.y - shape.reach));
  const bottom = Math.min(height - 1, Math.ceil(shape.y + shape.reach));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const inside = -shape.distance(x, y);
      const cover = Math.min(1, Math.max(0, inside + 0.5));
      if (cover === 0) continue;
      const colour = shape.colour(x, y, inside);
      const p = 3 * (y * width + x);
      for (let c = 0; c < 3; c++) rgb[p + c] += (colour[c] - rgb[p + c]) * cover;
    }
  }
}

/** A fixed pseudo-random number in [0,1) for a whole-number place. */
export function hash(x: number, y: number): number {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return ((h ^ (h >>> 13)) >>> 0) / 2 ** 32;
}

const smooth = (t: number) => t * t * (3 - 2 * t);

/** Value noise in [0,1), one lattice step a unit. */
export function noise(x: number, y: number): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const u = smooth(x - x0);
  const v = smooth(y - y0);
  const top = hash(x0, y0) + (hash(x0 + 1, y0) - hash(x0, y0)) * u;
  const bottom = hash(x0, y0 + 1) + (hash(x0 + 1, y0 + 1) - hash(x0, y0 + 1)) * u;
  return top + (bottom - top) * v;
}

export function mix(a: Colour, b: Colour, t: number): Colour {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

export const shade = (c: Colour, by: number): Colour => [
  Math.min(255, c[0] * by),
  Math.min(255, c[1] * by),
  Math.min(255, c[2] * by),
];

/** Distance to the segment from a to b with radius r. */
export function capsule(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  r: number,
): (x: number, y: number) => number {
  const dx = bx - ax;
  const dy = by - ay;
  const squared = dx * dx + dy * dy || 1;
  return (x, y) => {
    const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared));
    return Math.hypot(x - ax - t * dx, y - ay - t * dy) - r;
  };
}

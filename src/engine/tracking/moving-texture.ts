import type { GrayFrame, Size } from "../../domain/clip.ts";
import type { Affine } from "./neighbours.ts";

/**
 * Procedural clips with exactly known motion, for tests and measurements: a texture seen through an
 * affine map that changes with time, a textured square moving in front of it, and an area without
 * any texture that belongs to the background.
 */
export interface MovingTexture {
  readonly size: Size;
  readonly seed: number;
  /** Where a background point of frame 0 lies in frame t. */
  readonly motion: (t: number) => Affine;
  /** Luma = gain · texture + bias in frame t. */
  readonly light?: (t: number) => { readonly gain: number; readonly bias: number };
  /** A square in front: its top left corner in frame t. */
  readonly occluder?: {
    readonly side: number;
    readonly at: (t: number) => readonly [number, number];
  };
  /** Background (frame 0 coordinates) without texture: x0, y0, x1, y1. */
  readonly flat?: readonly [number, number, number, number];
}

const TEXTURE_SIDE = 1024;

export function renderMovingTexture(scene: MovingTexture, frameCount: number): GrayFrame[] {
  const background = smoothNoise(scene.seed);
  const foreground = smoothNoise(scene.seed + 1);
  return Array.from({ length: frameCount }, (_, t) => render(scene, background, foreground, t));
}

function render(
  scene: MovingTexture,
  background: Float32Array,
  foreground: Float32Array,
  t: number,
): GrayFrame {
  const { size, occluder, flat } = scene;
  const { gain, bias } = scene.light?.(t) ?? { gain: 1, bias: 0 };
  const [a, b, c, d, e, f] = scene.motion(t) as unknown as readonly number[];
  const det = a! * e! - b! * d!;
  const corner = occluder?.at(t);
  const gray = new Uint8Array(size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const u = (e! * (x - c!) - b! * (y - f!)) / det;
      const v = (a! * (y - f!) - d! * (x - c!)) / det;
      let luma: number;
      if (corner && occluder && isCovered(x, y, corner, occluder.side)) {
        luma = sample(foreground, x - corner[0], y - corner[1]);
      } else if (flat && u >= flat[0] && v >= flat[1] && u <= flat[2] && v <= flat[3]) {
        luma = 128;
      } else {
        luma = sample(background, u, v);
      }
      gray[y * size.width + x] = Math.round(Math.min(255, Math.max(0, gain * luma + bias)));
    }
  }
  return { size, gray };
}

function isCovered(x: number, y: number, corner: readonly [number, number], side: number): boolean {
  return x >= corner[0] && y >= corner[1] && x < corner[0] + side && y < corner[1] + side;
}

/** Whether the scene's square hides (x, y) in frame t; `margin` px grow it on every side. */
export function isHidden(
  scene: MovingTexture,
  t: number,
  x: number,
  y: number,
  margin: number,
): boolean {
  if (!scene.occluder) return false;
  const [left, top] = scene.occluder.at(t);
  return isCovered(x, y, [left - margin, top - margin], scene.occluder.side + 2 * margin);
}

/** Bilinear, repeating at the borders. */
function sample(texture: Float32Array, x: number, y: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const fx = x - ix;
  const fy = y - iy;
  const mask = TEXTURE_SIDE - 1;
  const row = (iy & mask) * TEXTURE_SIDE;
  const next = ((iy + 1) & mask) * TEXTURE_SIDE;
  const x0 = ix & mask;
  const x1 = (ix + 1) & mask;
  const top = texture[row + x0] * (1 - fx) + texture[row + x1] * fx;
  const bottom = texture[next + x0] * (1 - fx) + texture[next + x1] * fx;
  return top * (1 - fy) + bottom * fy;
}

/** Noise at several scales, mean 128, repeating at the borders. */
function smoothNoise(seed: number): Float32Array {
  const out = new Float32Array(TEXTURE_SIDE * TEXTURE_SIDE).fill(128);
  let state = (seed * 2654435761 + 12345) >>> 0;
  for (const [cell, amplitude] of [
    [64, 35],
    [16, 30],
    [6.4, 22],
  ] as const) {
    const side = Math.round(TEXTURE_SIDE / cell);
    const lattice = Float32Array.from({ length: side * side }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 31 - 1;
    });
    for (let y = 0; y < TEXTURE_SIDE; y++) {
      const { low: y0, high: y1, share: fy } = blend((y / TEXTURE_SIDE) * side, side);
      for (let x = 0; x < TEXTURE_SIDE; x++) {
        const { low: x0, high: x1, share: fx } = blend((x / TEXTURE_SIDE) * side, side);
        const top = lattice[y0 * side + x0] * (1 - fx) + lattice[y0 * side + x1] * fx;
        const bottom = lattice[y1 * side + x0] * (1 - fx) + lattice[y1 * side + x1] * fx;
        out[y * TEXTURE_SIDE + x] += amplitude * (top * (1 - fy) + bottom * fy);
      }
    }
  }
  return out;
}

function blend(position: number, side: number): { low: number; high: number; share: number } {
  const low = Math.floor(position);
  const share = position - low;
  return { low: low % side, high: (low + 1) % side, share: share * share * (3 - 2 * share) };
}

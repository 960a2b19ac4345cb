import type { Tracks } from "../domain/tracks.ts";
import { type Chunks, COARSE_PX, cutChunks, FINE_PX } from "./chunks.ts";
import { drawnPoints } from "./drawn-points.ts";
import { emphasisOf, ownMotionPx } from "./emphasis.ts";
import { isShown, RIBBON_OVERLAYS } from "./layers/list.ts";
import { drawnSlots, type ViewportData, type ViewportOptions } from "./options.ts";
import type { Block, TrackTexture } from "./track-texture.ts";

/** Consecutive entries that one draw call draws. */
export interface EntryRange {
  readonly first: number;
  readonly count: number;
}

/** One picture: the whole view, or one tile of a side-by-side view. */
export interface TileRange {
  /** null = every future. */
  readonly slot: number | null;
  readonly tracks: EntryRange;
  readonly chunks: EntryRange;
}

/**
 * What is drawn, in painting order: tracks (for heads and picking) and the chunks of their ribbons.
 * Four uint32 an entry: base texel; frame count in bits 0-11, first sample in 12-23, log2 of the
 * step in 24-27; first frame relative to "now" in the lower 16 bits (signed), layer in the upper; identity.
 */
export interface DrawList {
  readonly tracks: Uint32Array;
  readonly chunks: Uint32Array;
  readonly tiles: readonly TileRange[];
}

export const ENTRY_WORDS = 4;

/** selected in bit 0, slot in bits 1-10, point in bits 11-23; emphasis follows in bits 24-31. */
export function identityOf(slot: number, point: number, selected: boolean): number {
  return ((selected ? 1 : 0) | ((slot & 1023) << 1) | (point << 11)) >>> 0;
}

/** First frame in the lower half, as signed 16 bits; layer in the upper. */
export function placeWord(firstFrame: number, layer: number): number {
  return ((firstFrame & 0xffff) | (layer << 16)) >>> 0;
}

/** What entry `e` of a list says of its track. */
export function readEntry(words: Uint32Array, e: number) {
  const place = words[e * ENTRY_WORDS + 2];
  const identity = words[e * ENTRY_WORDS + 3];
  return {
    base: words[e * ENTRY_WORDS],
    frameCount: words[e * ENTRY_WORDS + 1] & 4095,
    firstFrame: (place << 16) >> 16,
    layer: place >>> 16,
    selected: (identity & 1) !== 0,
    slot: (identity >>> 1) & 1023,
    point: (identity >>> 11) & 8191,
  };
}

/**
 * The list of a whole picture, or one range a tile. Selected points are always drawn, last, so
 * that they lie on top. Of many futures on one picture all points are drawn of the first few alone, where
 * still points step back: of the others those that move by themselves.
 */
export function buildDrawList(
  data: ViewportData,
  texture: TrackTexture,
  options: ViewportOptions,
): DrawList {
  const selected = new Set(options.selectedPoints.filter((n) => n < texture.pointCount));
  const kept = options.keptPoints.filter((n) => n < texture.pointCount);
  const drawn = new Set([...drawnPoints(texture.pointCount, options.stride), ...kept]);
  const plain = [...drawn].filter((n) => !selected.has(n));
  const slots = drawnSlots(data, options);
  const pointsOf = (block: Block, { emphasis }: Shape, isSelected: boolean, isFull: boolean) => {
    const isOwn = block.tracks.pointCount !== texture.pointCount;
    if (isSelected) return isOwn ? [] : selected;
    if (isFull && !isOwn) return plain;
    if (isOwn) return movers(emphasis);
    return plain.filter((n) => emphasis[n] >= LEAST_EMPHASIS || kept.includes(n));
  };
  const tracks = new Words();
  const chunks = new Words();
  const tiles: TileRange[] = [];
  for (const slot of options.sideBySide && slots.length > 1 ? slots : [null]) {
    const first = { tracks: tracks.entries, chunks: chunks.entries };
    const shown = slot === null ? slots : [slot];
    const blocks = blocksOf(texture, options, shown);
    const full = new Set(shown.slice(0, FULL_FUTURES));
    for (const isSelected of [false, true]) {
      for (const block of blocks) {
        const isAmongFew = !isFuture(block) || full.has(block.slot);
        const shape = shapeOf(texture, block, isAmongFew ? FINE_PX : COARSE_PX);
        const isFull = !options.fadeStill || isAmongFew;
        for (const n of pointsOf(block, shape, isSelected, isFull)) {
          const base = block.base + n * block.frameCount;
          const emphasis = options.fadeStill ? shape.emphasis[n] : 255;
          const identity = (identityOf(block.slot, n, isSelected) | (emphasis << 24)) >>> 0;
          const place = placeWord(block.firstFrame, block.layer);
          tracks.push(base, block.frameCount, place, identity);
          for (let c = shape.chunks.firsts[n]; c < shape.chunks.firsts[n + 1]; c++) {
            const piece = (shape.chunks.starts[c] << 12) | (shape.chunks.stepBits[c] << 24);
            chunks.push(base, block.frameCount | piece, place, identity);
          }
        }
      }
    }
    tiles.push({
      slot,
      tracks: { first: first.tracks, count: tracks.entries - first.tracks },
      chunks: { first: first.chunks, count: chunks.entries - first.chunks },
    });
  }
  return { tracks: tracks.take(), chunks: chunks.take(), tiles };
}

/**
 * Of 255: points of an overlay of its own that move less are not drawn, for there are many, nor are those
 * of more futures than these on one picture: they lie on the same places.
 */
const LEAST_EMPHASIS = 32;
const FULL_FUTURES = 4;

function movers(emphasis: Uint8Array): number[] {
  return [...emphasis.keys()].filter((n) => emphasis[n] >= LEAST_EMPHASIS);
}

function isFuture({ layer }: Block): boolean {
  return RIBBON_OVERLAYS.some(
    (each) => each.layer === layer && each.ribbons.style.colour === "slot",
  );
}

const BY_PAINT_ORDER = [...RIBBON_OVERLAYS].sort(
  (a, b) => a.ribbons.paintOrder - b.ribbons.paintOrder,
);

/** In painting order: later ones lie on top, and of slots the first on top of the others. */
function blocksOf(
  texture: TrackTexture,
  options: ViewportOptions,
  slots: readonly number[],
): Block[] {
  return BY_PAINT_ORDER.filter(({ id }) => isShown(options.layers, id)).flatMap(
    ({ layer, ribbons }) => {
      const blocks = texture.blocks.filter((block) => block.layer === layer);
      if (ribbons.style.colour !== "slot") return blocks;
      return blocks.filter((block) => slots.includes(block.slot)).reverse();
    },
  );
}

interface Shape {
  readonly frameCount: number;
  readonly tolerancePx: number;
  readonly chunks: Chunks;
  readonly emphasis: Uint8Array;
}

/** Own motion that earns full strength, px; more where a scene moves a lot. */
const FULL_MOTION_PX = 24;

/** Kept with the trajectories: neither a new filter nor a new future cuts them again. */
const shapes = new WeakMap<Tracks, Shape>();

function shapeOf(texture: TrackTexture, block: Block, tolerancePx: number): Shape {
  const known = shapes.get(block.tracks);
  if (known?.frameCount === block.frameCount && known.tolerancePx === tolerancePx) return known;
  const own = ownMotionPx(block.tracks).sort();
  const full = Math.max(FULL_MOTION_PX, 0.3 * own[Math.floor(own.length * 0.95)]);
  const shape = {
    frameCount: block.frameCount,
    tolerancePx,
    chunks: cutChunks(texture.texels, block, block.tracks.pointCount, tolerancePx),
    emphasis: emphasisOf(block.tracks, full),
  };
  shapes.set(block.tracks, shape);
  return shape;
}

/** A growing list of uint32. */
class Words {
  private words = new Uint32Array(1 << 14);
  entries = 0;

  push(a: number, b: number, c: number, d: number): void {
    const o = this.entries * ENTRY_WORDS;
    if (o + ENTRY_WORDS > this.words.length) {
      const larger = new Uint32Array(2 * this.words.length);
      larger.set(this.words);
      this.words = larger;
    }
    this.words[o] = a;
    this.words[o + 1] = b;
    this.words[o + 2] = c;
    this.words[o + 3] = d;
    this.entries++;
  }

  take(): Uint32Array {
    return this.words.slice(0, this.entries * ENTRY_WORDS);
  }
}

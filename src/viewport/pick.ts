import type { DrawList, EntryRange } from "./draw-list.ts";
import { ENTRY_WORDS, readEntry } from "./draw-list.ts";
import { OVERLAYS } from "./layers/list.ts";
import type { TrackTexture } from "./track-texture.ts";

/** What lies under the pointer. */
export interface Pick {
  readonly point: number;
  /** Id of the overlay that it belongs to. */
  readonly layer: string;
  /** Null in overlays without slots. */
  readonly slot: number | null;
  /** Frame of the timeline. */
  readonly frame: number;
  readonly x: number;
  readonly y: number;
  readonly visible: boolean;
  readonly distancePx: number;
}

export interface PickView {
  readonly texture: TrackTexture;
  readonly list: DrawList;
  readonly range: EntryRange;
  readonly bounds: Float32Array;
  /** Column-major 4×4: clip from (x, y, frame relative to "now"). */
  readonly clipFromTrack: ArrayLike<number>;
  readonly viewWidth: number;
  readonly viewHeight: number;
  /** Relative to "now". */
  readonly playhead: number;
  readonly nowFrame: number;
  /** Frames of history that are drawn behind the playhead; Infinity = all, and those ahead too. */
  readonly tailFrames: number;
}

/** Per track of the list: smallest x, y, then largest x, y, videoPx. */
export function boundsOfList(list: DrawList, texture: TrackTexture): Float32Array {
  const count = list.tracks.length / ENTRY_WORDS;
  const bounds = new Float32Array(4 * count);
  for (let e = 0; e < count; e++) {
    const { base, frameCount: frames } = readEntry(list.tracks, e);
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = base; i < base + frames; i++) {
      const x = texture.texels[4 * i];
      const y = texture.texels[4 * i + 1];
      x0 = Math.min(x0, x);
      y0 = Math.min(y0, y);
      x1 = Math.max(x1, x);
      y1 = Math.max(y1, y);
    }
    bounds.set([x0, y0, x1, y1], 4 * e);
  }
  return bounds;
}

/** Heads win over nearby lines: they are what people aim at. */
const HEAD_BONUS_PX = 4;
/** So near to a line where it is seen means that line; what passes farther off or hidden is not there. */
const ON_LINE_PX = 2;
/** How far a head may be that stands for what a path only passes over, in tolerances: any head, */
const HEAD_REACH = 2.4;
/** and one that the path's own point is so many times as far from. */
const FAR_HEAD_REACH = 6;
const FAR_TIMES = 3;

interface Hit {
  readonly texel: number;
  readonly entry: number;
  readonly i: number;
}

/**
 * The nearest drawn ribbon within `tolerancePx` of a place in the view (px, y down), or null. Where it
 * only passes beside the place, the nearest head in the shown frame: what is there at that time.
 */
export function pickNearest(
  view: PickView,
  atX: number,
  atY: number,
  tolerancePx: number,
): Pick | null {
  const entries = view.list.tracks;
  const { texels } = view.texture;
  const m = view.clipFromTrack;
  const toX = (x: number, y: number, z: number, w: number) =>
    ((m[0] * x + m[4] * y + m[8] * z + m[12]) / w + 1) * 0.5 * view.viewWidth;
  const toY = (x: number, y: number, z: number, w: number) =>
    (1 - (m[1] * x + m[5] * y + m[9] * z + m[13]) / w) * 0.5 * view.viewHeight;
  const toW = (x: number, y: number, z: number) => m[3] * x + m[7] * y + m[11] * z + m[15];
  let best: Hit | null = null;
  let nearestHead: Hit | null = null;
  let nearestHeadDistance = FAR_HEAD_REACH * tolerancePx;
  let bestScore = tolerancePx;
  let bestDistance = tolerancePx;
  const end = view.range.first + view.range.count;
  for (let entry = view.range.first; entry < end; entry++) {
    const { base, frameCount, firstFrame, layer } = readEntry(entries, entry);
    const { ribbons } = OVERLAYS[layer];
    // Points of its own are no query points, which all that is picked stands for.
    if (ribbons?.startN2) continue;
    const trails = ribbons?.style.trails;
    let low = 0;
    let high = frameCount - 1;
    if (trails && Number.isFinite(view.tailFrames)) {
      low = Math.max(0, Math.ceil(view.playhead - view.tailFrames - firstFrame));
      high = Math.min(high, Math.floor(view.playhead - firstFrame));
    }
    if (high < low) continue;
    if (misses(entry, low + firstFrame, high + firstFrame)) continue;
    const head = view.playhead - firstFrame;
    let lastX = Number.NaN;
    let lastY = Number.NaN;
    for (let i = low; i <= high; i++) {
      const o = 4 * (base + i);
      const z = firstFrame + i;
      const w = toW(texels[o], texels[o + 1], z);
      if (w <= 0) {
        lastX = Number.NaN;
        continue;
      }
      const x = toX(texels[o], texels[o + 1], z, w);
      const y = toY(texels[o], texels[o + 1], z, w);
      const isHead = i === head && (trails || view.playhead > 0);
      const share = Number.isNaN(lastX) ? 1 : nearestShare(lastX, lastY, x, y, atX, atY);
      const nearX = Number.isNaN(lastX) ? x : lastX + share * (x - lastX);
      const nearY = Number.isNaN(lastY) ? y : lastY + share * (y - lastY);
      const distance = Math.hypot(nearX - atX, nearY - atY);
      const headDistance = isHead ? Math.hypot(x - atX, y - atY) : Infinity;
      const score = Math.min(distance, headDistance - HEAD_BONUS_PX);
      // Later entries are painted over earlier ones, so they win ties.
      if (score <= bestScore && Math.min(distance, headDistance) <= tolerancePx) {
        bestScore = score;
        bestDistance = Math.min(distance, headDistance);
        const at = headDistance - HEAD_BONUS_PX <= distance || share > 0.5 || i === low ? i : i - 1;
        best = { texel: base + at, entry, i: at };
      }
      if (headDistance <= nearestHeadDistance && texels[o + 2] >= 0.5) {
        nearestHeadDistance = headDistance;
        nearestHead = { texel: base + i, entry, i };
      }
      lastX = x;
      lastY = y;
    }
  }
  if (!best) return null;
  const isOnLine = bestScore <= ON_LINE_PX && texels[4 * best.texel + 2] >= 0.5;
  const isNear = nearestHeadDistance <= HEAD_REACH * tolerancePx;
  const isFromAfar = () => best && shownDistance(best.entry) > FAR_TIMES * nearestHeadDistance;
  if (nearestHead && !isOnLine && (isNear || isFromAfar())) {
    best = nearestHead;
    bestDistance = nearestHeadDistance;
  }
  const { layer, slot, point, firstFrame } = readEntry(entries, best.entry);
  const { id, ribbons } = OVERLAYS[layer];
  return {
    point,
    layer: id,
    slot: ribbons?.style.colour === "slot" ? slot : null,
    frame: view.nowFrame + firstFrame + best.i,
    x: texels[4 * best.texel],
    y: texels[4 * best.texel + 1],
    visible: texels[4 * best.texel + 2] >= 0.5,
    distancePx: bestDistance,
  };

  /** How far the track's point is from the pointer in the shown frame, or the nearest that the track has. */
  function shownDistance(entry: number): number {
    const { base, frameCount, firstFrame } = readEntry(entries, entry);
    const i = Math.min(frameCount - 1, Math.max(0, Math.round(view.playhead - firstFrame)));
    const [x, y] = texels.subarray(4 * (base + i));
    const w = toW(x, y, firstFrame + i);
    return Math.hypot(toX(x, y, firstFrame + i, w) - atX, toY(x, y, firstFrame + i, w) - atY);
  }

  /** The eight corners of the track's box, on the screen, lie all to one side of the pointer. */
  function misses(entry: number, fromFrame: number, toFrame: number): boolean {
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let corner = 0; corner < 8; corner++) {
      const x = view.bounds[4 * entry + (corner & 1 ? 2 : 0)];
      const y = view.bounds[4 * entry + (corner & 2 ? 3 : 1)];
      const z = corner & 4 ? toFrame : fromFrame;
      const w = toW(x, y, z);
      if (w <= 0) return false;
      const px = toX(x, y, z, w);
      const py = toY(x, y, z, w);
      x0 = Math.min(x0, px);
      y0 = Math.min(y0, py);
      x1 = Math.max(x1, px);
      y1 = Math.max(y1, py);
    }
    const reach = FAR_HEAD_REACH * tolerancePx;
    return atX < x0 - reach || atX > x1 + reach || atY < y0 - reach || atY > y1 + reach;
  }
}

/** Where on the segment, 0 to 1, the place is nearest. */
function nearestShare(x0: number, y0: number, x1: number, y1: number, x: number, y: number) {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const size = dx * dx + dy * dy;
  if (size === 0) return 1;
  return Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / size));
}

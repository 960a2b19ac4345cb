import type { Tracks } from "../domain/tracks.ts";
import { RIBBON_OVERLAYS } from "./layers/list.ts";
import type { ViewportData } from "./options.ts";

/** Texels a row of the position texture; every WebGL2 device allows at least 2048. */
export const TEXTURE_WIDTH = 2048;

/** One set of trajectories in the texture: point n begins at `base + n·frameCount`. */
export interface Block {
  /** Number of the overlay (layers/list.ts). */
  readonly layer: number;
  readonly slot: number;
  readonly base: number;
  readonly frameCount: number;
  /** Of its first frame, relative to "now". */
  readonly firstFrame: number;
  readonly tracks: Tracks;
  /** [N,2] videoPx: where its points are at "now". */
  readonly startN2: Float32Array;
}

export interface TrackTexture {
  readonly height: number;
  /**
   * RGBA float texels: x, y (videoPx), visibility, arc length from the track's start (videoPx).
   * Ribbons after "now" begin with the query point, so that they join the history.
   */
  readonly texels: Float32Array;
  readonly blocks: readonly Block[];
  /** Of the query points; an overlay whose points start elsewhere has as many as its tracks. */
  readonly pointCount: number;
  /** 95th percentile of speed over all layers, px a frame: the upper end of the speed colours. */
  readonly fastPxPerFrame: number;
}

/**
 * Empty slots keep their room, so that the texture keeps its size while futures stream in. What `before`
 * holds of the same trajectories is copied from it.
 */
export function packTracks(data: ViewportData, before: TrackTexture | null = null): TrackTexture {
  const pointCount = data.history.pointCount;
  const sets = RIBBON_OVERLAYS.map(({ layer, ribbons }) => {
    const tracks = ribbons.tracks(data);
    const joined = ribbons.span === "from-now" ? 1 : 0;
    const longest = Math.max(0, ...tracks.map((each) => each?.frameCount ?? 0));
    const startN2 = ribbons.startN2?.(data) ?? data.queryXyN2;
    // Points of its own may be many: those keep no room for futures to come.
    const emptyFrames = ribbons.startN2 ? 0 : longest + joined;
    return { layer, tracks, joined, emptyFrames, startN2 };
  });
  const room = sets
    .flatMap((set) =>
      set.tracks.map(
        (each) => roomFrames(each, set) * (each?.pointCount ?? set.startN2.length / 2),
      ),
    )
    .reduce((sum, texels) => sum + texels, 0);
  const height = Math.max(1, Math.ceil(room / TEXTURE_WIDTH));
  const texels = new Float32Array(height * TEXTURE_WIDTH * 4);
  const blocks: Block[] = [];
  let base = 0;
  for (const set of sets) {
    const { layer, joined, startN2 } = set;
    set.tracks.forEach((tracks, slot) => {
      const frameCount = roomFrames(tracks, set);
      if (tracks) {
        const firstFrame = joined ? 0 : 1 - tracks.frameCount;
        const block = { layer, slot, base, frameCount, firstFrame, tracks, startN2 };
        blocks.push(block);
        if (!copyBlock(texels, block, startN2, before)) {
          writeBlock(texels, base, tracks, joined ? startN2 : null);
        }
      }
      base += frameCount * (tracks?.pointCount ?? startN2.length / 2);
    });
  }
  const fastPxPerFrame = fastSpeed(blocks.map((block) => block.tracks));
  return { height, texels, blocks, pointCount, fastPxPerFrame };
}

function roomFrames(
  tracks: Tracks | null,
  { joined, emptyFrames }: { readonly joined: number; readonly emptyFrames: number },
): number {
  return tracks ? tracks.frameCount + joined : emptyFrames;
}

/** False where `before` does not hold the block. */
function copyBlock(
  texels: Float32Array,
  { layer, base, frameCount, tracks }: Block,
  startN2: Float32Array,
  before: TrackTexture | null,
): boolean {
  const same = before?.blocks.find(
    (block) =>
      block.tracks === tracks &&
      block.layer === layer &&
      block.frameCount === frameCount &&
      block.startN2 === startN2,
  );
  if (!before || !same) return false;
  const length = 4 * frameCount * tracks.pointCount;
  texels.set(before.texels.subarray(4 * same.base, 4 * same.base + length), 4 * base);
  return true;
}

function writeBlock(
  texels: Float32Array,
  base: number,
  tracks: Tracks,
  startXyN2: Float32Array | null,
): void {
  const { frameCount, pointCount, tracksTN2, visibilityTN } = tracks;
  for (let n = 0; n < pointCount; n++) {
    let o = 4 * (base + n * (frameCount + (startXyN2 ? 1 : 0)));
    let x = startXyN2 ? startXyN2[2 * n] : tracksTN2[2 * n];
    let y = startXyN2 ? startXyN2[2 * n + 1] : tracksTN2[2 * n + 1];
    let arc = 0;
    if (startXyN2) {
      texels[o++] = x;
      texels[o++] = y;
      texels[o++] = 1;
      texels[o++] = 0;
    }
    for (let t = 0; t < frameCount; t++) {
      const i = t * pointCount + n;
      arc += Math.hypot(tracksTN2[2 * i] - x, tracksTN2[2 * i + 1] - y);
      x = tracksTN2[2 * i];
      y = tracksTN2[2 * i + 1];
      texels[o++] = x;
      texels[o++] = y;
      texels[o++] = visibilityTN[i];
      texels[o++] = arc;
    }
  }
}

function fastSpeed(all: readonly Tracks[]): number {
  const sampled = all.map(sampledSpeeds);
  const speeds = new Float64Array(sampled.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const own of sampled) {
    speeds.set(own, at);
    at += own.length;
  }
  speeds.sort();
  return Math.max(1, speeds[Math.floor(speeds.length * 0.95)] ?? 1);
}

/** Kept with the trajectories: others come and go beside them. */
const speedsOf = new WeakMap<Tracks, Float64Array>();

/** Of a sample of steps, px a frame: a percentile needs no more. */
function sampledSpeeds(tracks: Tracks): Float64Array {
  const known = speedsOf.get(tracks);
  if (known) return known;
  const { frameCount, pointCount, tracksTN2 } = tracks;
  const steps = (frameCount - 1) * pointCount;
  const stride = Math.max(1, Math.floor(steps / 4000));
  const speeds = new Float64Array(Math.ceil(steps / stride));
  for (let i = 0, k = 0; i < steps; i += stride, k++) {
    const a = 2 * i;
    const b = 2 * (i + pointCount);
    speeds[k] = Math.hypot(tracksTN2[b] - tracksTN2[a], tracksTN2[b + 1] - tracksTN2[a + 1]);
  }
  speedsOf.set(tracks, speeds);
  return speeds;
}

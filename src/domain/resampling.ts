import { createTracks, type Tracks } from "./tracks.ts";

/**
 * Reads `tracks` at fractional frame indices, one output frame an index.
 * Positions are interpolated linearly, so linear motion is exact to float32; an integer index copies
 * its frame bit for bit. Between two frames a point is visible only when both show it, because what
 * lies between a seen and an unseen frame is unknown. Indices beyond the ends read the end frame.
 */
export function resampleFrames(tracks: Tracks, indices: ArrayLike<number>): Tracks {
  const { pointCount, tracksTN2, visibilityTN, depthTN } = tracks;
  const out = createTracks(indices.length, pointCount, depthTN !== undefined);
  const last = tracks.frameCount - 1;
  for (let t = 0; t < indices.length; t++) {
    const index = Math.min(last, Math.max(0, indices[t]));
    const from = Math.floor(index);
    const part = index - from;
    const a = from * pointCount;
    const b = Math.min(last, from + 1) * pointCount;
    const o = t * pointCount;
    if (depthTN && out.depthTN) {
      for (let n = 0; n < pointCount; n++) {
        out.depthTN[o + n] = depthTN[a + n] + part * (depthTN[b + n] - depthTN[a + n]);
      }
    }
    if (part === 0) {
      out.tracksTN2.set(tracksTN2.subarray(2 * a, 2 * (a + pointCount)), 2 * o);
      out.visibilityTN.set(visibilityTN.subarray(a, a + pointCount), o);
      continue;
    }
    for (let i = 0; i < 2 * pointCount; i++) {
      const start = tracksTN2[2 * a + i];
      out.tracksTN2[2 * o + i] = start + part * (tracksTN2[2 * b + i] - start);
    }
    for (let n = 0; n < pointCount; n++) {
      out.visibilityTN[o + n] = visibilityTN[a + n] & visibilityTN[b + n];
    }
  }
  return out;
}

/** The points of `tracks` named by `pointIds`, in that order, as a copy. */
export function selectPoints(tracks: Tracks, pointIds: ArrayLike<number>): Tracks {
  const out = createTracks(tracks.frameCount, pointIds.length, tracks.depthTN !== undefined);
  for (let t = 0; t < tracks.frameCount; t++) {
    for (let n = 0; n < pointIds.length; n++) {
      const from = t * tracks.pointCount + pointIds[n];
      const to = t * pointIds.length + n;
      out.tracksTN2[2 * to] = tracks.tracksTN2[2 * from];
      out.tracksTN2[2 * to + 1] = tracks.tracksTN2[2 * from + 1];
      out.visibilityTN[to] = tracks.visibilityTN[from];
      if (out.depthTN && tracks.depthTN) out.depthTN[to] = tracks.depthTN[from];
    }
  }
  return out;
}

/** `first` followed in time by `second`. Both hold the same points; depth only where both have it. */
export function joinFrames(first: Tracks, second: Tracks): Tracks {
  const hasDepth = first.depthTN !== undefined && second.depthTN !== undefined;
  const out = createTracks(first.frameCount + second.frameCount, first.pointCount, hasDepth);
  out.tracksTN2.set(first.tracksTN2);
  out.tracksTN2.set(second.tracksTN2, first.tracksTN2.length);
  out.visibilityTN.set(first.visibilityTN);
  out.visibilityTN.set(second.visibilityTN, first.visibilityTN.length);
  if (first.depthTN && second.depthTN) {
    out.depthTN?.set(first.depthTN);
    out.depthTN?.set(second.depthTN, first.depthTN.length);
  }
  return out;
}

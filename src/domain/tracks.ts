/**
 * Observed or predicted positions of N points over T frames.
 * `tracksTN2`: [T,N,2] (x,y), videoPx. `visibilityTN`: [T,N], 1 = visible, 0 = hidden.
 * Positions of hidden points are estimates and always finite.
 */
export interface Tracks {
  readonly frameCount: number;
  readonly pointCount: number;
  readonly tracksTN2: Float32Array;
  readonly visibilityTN: Uint8Array;
  /** [T,N], `world` units (domain/camera.ts) from the camera along its axis, where it is known. */
  readonly depthTN?: Float32Array;
}

export function createTracks(frameCount: number, pointCount: number, hasDepth = false): Tracks {
  return {
    frameCount,
    pointCount,
    tracksTN2: new Float32Array(frameCount * pointCount * 2),
    visibilityTN: new Uint8Array(frameCount * pointCount),
    ...(hasDepth ? { depthTN: new Float32Array(frameCount * pointCount) } : {}),
  };
}

/** Frames [start, end) of `tracks` as a copy. */
export function sliceFrames(tracks: Tracks, start: number, end: number): Tracks {
  const { pointCount, depthTN } = tracks;
  return {
    frameCount: end - start,
    pointCount,
    tracksTN2: tracks.tracksTN2.slice(start * pointCount * 2, end * pointCount * 2),
    visibilityTN: tracks.visibilityTN.slice(start * pointCount, end * pointCount),
    ...(depthTN ? { depthTN: depthTN.slice(start * pointCount, end * pointCount) } : {}),
  };
}

/** The frames of `tracks` in reverse order, as a copy. */
export function reverseFrames(tracks: Tracks): Tracks {
  const { frameCount, pointCount, depthTN } = tracks;
  const out = createTracks(frameCount, pointCount, depthTN !== undefined);
  for (let t = 0; t < frameCount; t++) {
    const from = frameCount - 1 - t;
    out.tracksTN2.set(
      tracks.tracksTN2.subarray(from * pointCount * 2, (from + 1) * pointCount * 2),
      t * pointCount * 2,
    );
    out.visibilityTN.set(
      tracks.visibilityTN.subarray(from * pointCount, (from + 1) * pointCount),
      t * pointCount,
    );
    if (depthTN) {
      const row = depthTN.subarray(from * pointCount, (from + 1) * pointCount);
      out.depthTN?.set(row, t * pointCount);
    }
  }
  return out;
}

/** Points of a clip in space: positions [T,N,3] and visibility [T,N], 1 = visible. */
export interface SpaceTracks {
  readonly frameCount: number;
  readonly pointCount: number;
  readonly xyzTN3: ArrayLike<number>;
  readonly visibilityTN: ArrayLike<number>;
}

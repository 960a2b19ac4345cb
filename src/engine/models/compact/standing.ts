import type { Size } from "../../../domain/clip.ts";
import type { Tracks } from "../../../domain/tracks.ts";
import { affineAt, robustAffine } from "../../scenario/affine.ts";

/** A point stands that stayed within so many px of where it is now … */
const STANDS_PX = 1;
/** … in so much of the last frames that it was seen in. */
const STANDS_SHARE = 0.9;
const LOOK_BACK_FRAMES = 41;
const MIN_FRAMES = 9;
/** The camera stands where more of the points than this do. */
const CAMERA_SHARE = 0.35;
/** A standing point whose whole way is shorter keeps standing; one of twice that goes all of it. */
const LEAST_WAY_PX = 5;
/** So far a point that keeps standing still goes: as trackers drift. */
const HELD_WAY_PX = 0.7;

/**
 * Which points [N] stand still under a camera that does, 1 or 0; null where the camera moves, where few
 * points tell, or where the history is too short to tell.
 */
export function standingPoints(history: Tracks): Uint8Array | null {
  const { frameCount, pointCount, tracksTN2, visibilityTN } = history;
  if (frameCount < MIN_FRAMES) return null;
  const first = Math.max(0, frameCount - LOOK_BACK_FRAMES);
  const standing = new Uint8Array(pointCount);
  let count = 0;
  for (let point = 0; point < pointCount; point++) {
    const now = 2 * ((frameCount - 1) * pointCount + point);
    let seen = 0;
    let near = 0;
    for (let t = first; t < frameCount; t++) {
      if (visibilityTN[t * pointCount + point] === 0) continue;
      const at = 2 * (t * pointCount + point);
      const dx = tracksTN2[at] - tracksTN2[now];
      const dy = tracksTN2[at + 1] - tracksTN2[now + 1];
      seen++;
      if (Math.hypot(dx, dy) < STANDS_PX) near++;
    }
    if (2 * seen < frameCount - first || near < STANDS_SHARE * seen) continue;
    standing[point] = 1;
    count++;
  }
  return count > CAMERA_SHARE * pointCount ? standing : null;
}

/**
 * Keeps a camera still that stood: takes what the standing points share out of a future, and holds
 * those of them that would hardly move. Changes `tracksTN2` [frame, point, xy] videoPx in place;
 * `nowN2`: where the points are at "now".
 */
export function holdStanding(
  tracksTN2: Float32Array,
  nowN2: Float32Array,
  standingN: Uint8Array,
  size: Size,
): void {
  const stride = nowN2.length;
  const wayN = new Float64Array(standingN.length);
  const moved = new Float64Array(stride);
  for (let start = 0; start < tracksTN2.length; start += stride) {
    for (let i = 0; i < stride; i++) moved[i] = tracksTN2[start + i] - nowN2[i];
    const shared = robustAffine(nowN2, moved, standingN, size);
    for (let point = 0; point < standingN.length; point++) {
      const i = 2 * point;
      const [u, v] = affineAt(shared, nowN2[i], nowN2[i + 1]);
      tracksTN2[start + i] -= u;
      tracksTN2[start + i + 1] -= v;
      wayN[point] = Math.max(wayN[point], Math.hypot(moved[i] - u, moved[i + 1] - v));
    }
  }
  for (let point = 0; point < standingN.length; point++) {
    const way = wayN[point];
    const share = Math.min(1, Math.max(way / LEAST_WAY_PX - 1, HELD_WAY_PX / Math.max(way, 1e-6)));
    if (standingN[point] === 0 || share === 1) continue;
    for (let at = 2 * point; at < tracksTN2.length; at += stride) {
      const i = 2 * point;
      tracksTN2[at] = nowN2[i] + share * (tracksTN2[at] - nowN2[i]);
      tracksTN2[at + 1] = nowN2[i + 1] + share * (tracksTN2[at + 1] - nowN2[i + 1]);
    }
  }
}

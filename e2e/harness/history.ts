import { gridQueryXyN2, POINT_COUNT } from "../../src/domain/grid.ts";
import { createTracks, type Tracks } from "../../src/domain/tracks.ts";

/** A past with a slow pan, a zoom and an object of its own; some points are hidden at times. */
export function pannedHistory(frameCount: number): Tracks {
  const history = createTracks(frameCount, POINT_COUNT);
  const xyN2 = gridQueryXyN2();
  for (let t = 0; t < frameCount; t++) {
    const back = frameCount - 1 - t;
    for (let n = 0; n < POINT_COUNT; n++) {
      const at = t * POINT_COUNT + n;
      const own = n % 26 < 6 ? 2.5 : 0;
      const shake = back === 0 ? 0 : Math.sin(3 * t + n) * 0.2;
      history.tracksTN2[2 * at] = xyN2[2 * n] * (1 - 0.001 * back) - back * (1.2 + own) + shake;
      history.tracksTN2[2 * at + 1] = xyN2[2 * n + 1] * (1 - 0.001 * back) + back * 0.4 - shake;
      history.visibilityTN[at] = back > 0 && (n + t) % 11 === 0 ? 0 : 1;
    }
  }
  return history;
}

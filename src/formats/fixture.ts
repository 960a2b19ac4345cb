import { GRID_COLUMNS, gridQueryXyN2, HORIZON_FRAMES, POINT_COUNT } from "../domain/grid.ts";
import { sliceFrames, type Tracks } from "../domain/tracks.ts";
import type { ForecastDocument } from "./document/types.ts";
import { fixtureSpace } from "./fixture-space.ts";

/** Points of the fixture with a story of their own; all others drift slightly. */
export const FIXTURE = {
  /** Right and down a little, faster and faster: swapping x and y, or time, is seen at once. */
  asymmetric: 5 * GRID_COLUMNS + 6,
  /** Hidden at future frames 30 to 49 (31 to 50 after "now"). */
  occluded: 7 * GRID_COLUMNS + 3,
  /** Leaves the frame to the right. */
  leaving: 9 * GRID_COLUMNS + 24,
  /** Hidden at "now", seen again from future frame 10. */
  hiddenAtNow: 11 * GRID_COLUMNS + 12,
} as const;

/**
 * A forecast for tests of the formats: 81 frames of past, `futureCount` futures and a truth of 60
 * frames, with an asymmetric path, an occlusion, an exit and a point hidden at "now".
 */
export function fixtureDocument(futureCount = 2): ForecastDocument {
  const queryXyN2 = gridQueryXyN2();
  const history = motion(queryXyN2, -80, 1, 1);
  const now = 80 * POINT_COUNT;
  history.visibilityTN.fill(0, now + FIXTURE.hiddenAtNow, now + FIXTURE.hiddenAtNow + 1);
  const futures = Array.from({ length: futureCount }, (_, k) => ({
    seed: 100 + k,
    tracks: motion(queryXyN2, 1, HORIZON_FRAMES + 1, 1 + k / 4),
    cameraPathT6: Float32Array.from({ length: HORIZON_FRAMES * 6 }, (_, i) =>
      i % 6 === 0 || i % 6 === 4 ? 1 : i / 1024,
    ),
  }));
  const forecast = {
    queryXyN2,
    history,
    futures,
    truth: sliceFrames(motion(queryXyN2, 1, HORIZON_FRAMES + 1, 0.9), 0, 60),
    fps: 24,
    nowSecs: 3.375,
    packId: "fixture",
    sampler: { solver: "ab2", steps: 8 },
  };
  return {
    clip: {
      name: "Crossing at 5 o'clock.mp4",
      displaySize: { width: 1280, height: 720 },
      fit: "cover",
    },
    forecast,
    space: fixtureSpace(forecast, [FIXTURE.asymmetric, FIXTURE.leaving]),
  };
}

/** Frames `start` to `end` − 1 of the story; "now" is frame 0. */
function motion(queryXyN2: Float32Array, start: number, end: number, speed: number): Tracks {
  const frameCount = end - start;
  const tracksTN2 = new Float32Array(frameCount * POINT_COUNT * 2);
  const visibilityTN = new Uint8Array(frameCount * POINT_COUNT).fill(1);
  for (let t = 0; t < frameCount; t++) {
    const secs = ((start + t) * speed) / 24;
    for (let n = 0; n < POINT_COUNT; n++) {
      const i = t * POINT_COUNT + n;
      const [dx, dy] = displacement(n, secs);
      tracksTN2[2 * i] = queryXyN2[2 * n] + dx;
      tracksTN2[2 * i + 1] = queryXyN2[2 * n + 1] + dy;
      const frame = start + t;
      const behind = n === FIXTURE.occluded && frame >= 31 && frame <= 50;
      const early = n === FIXTURE.hiddenAtNow && frame > 0 && frame <= 10;
      const outside = tracksTN2[2 * i] >= 831.5;
      if (behind || early || outside) visibilityTN[i] = 0;
    }
  }
  return { frameCount, pointCount: POINT_COUNT, tracksTN2, visibilityTN };
}

function displacement(n: number, secs: number): [number, number] {
  if (n === FIXTURE.asymmetric) return [40 * secs + 15 * secs * secs, 9 * secs];
  if (n === FIXTURE.leaving) return [30 * secs, -4 * secs];
  if (n === FIXTURE.occluded) return [12 * secs, 5 * secs];
  return [1.5 * secs, 0.75 * Math.sin(secs)];
}

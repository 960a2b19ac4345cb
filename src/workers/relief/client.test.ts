import { expect, it } from "vitest";
import { CancelledError } from "../../domain/errors.ts";
import { reliefEstimator } from "../../engine/space/estimator.ts";
import { makeScene } from "../../engine/space/testing.ts";
import { InProcessThread } from "../channel/in-process.ts";
import { ReliefClient } from "./client.ts";
import { reliefHandlers } from "./server.ts";

const SIZE = { width: 832, height: 480 };

function startThread() {
  return InProcessThread.serving(reliefHandlers(reliefEstimator), { oneAtATime: true });
}

it("relief and futures come over the thread with progress, and a cancel ends it", async () => {
  const scene = makeScene({ seed: 2, move: "walk", parallaxPx: 40, moving: 0.2 });
  const { tracks, anchorFrame } = scene.observations;
  const client = new ReliefClient(startThread);
  const done: number[] = [];
  const request = { tracks, anchorFrame, size: SIZE, columns: 26, rows: 15 };
  const { field, relief, curves } = await client.estimate(request, {
    onProgress: (progress) => done.push(progress.done),
  });
  expect(relief?.source).toBe("parallax");
  expect(curves?.controlNK3.length).toBe(390 * 16 * 3);
  expect(done.length).toBeGreaterThan(10);
  // The past itself, told backwards, is a future that a still scene explains.
  const frames = Array.from({ length: anchorFrame }, (_, i) => anchorFrame - 1 - i);
  const future = {
    frameCount: frames.length,
    pointCount: tracks.pointCount,
    tracksTN2: Float32Array.from(
      frames.flatMap((t) => Array.from(tracks.tracksTN2.subarray(780 * t, 780 * (t + 1)))),
    ),
    visibilityTN: Uint8Array.from(
      frames.flatMap((t) => Array.from(tracks.visibilityTN.subarray(390 * t, 390 * (t + 1)))),
    ),
  };
  const queryXyN2 = tracks.tracksTN2.slice(780 * anchorFrame);
  const [lifted] = await client.lift({ field, queryXyN2, futures: [future] });
  expect(lifted.rigidityPx).toBeLessThan(0.8);
  const cameras = field.cameras;
  if (!cameras) throw new Error("nothing known");
  for (let c = 0; c < 3; c++) {
    expect(lifted.cameras.translationT3[3 * anchorFrame + c]).toBeCloseTo(
      cameras.translationT3[c],
      2,
    );
  }
  const controller = new AbortController();
  const cancelled = client.estimate(request, {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
});

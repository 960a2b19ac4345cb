import { expect, test } from "vitest";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { reliefEstimator } from "../../engine/space/estimator.ts";
import { makeScene } from "../../engine/space/testing.ts";
import { readNpz } from "../containers/npz.ts";
import { writeReliefNpz } from "./relief-npz.ts";

const MOMENT = { fps: 16, nowSecs: 1.25, nowFrame: 20 };

async function written(move: "sideways" | "still") {
  const { observations, inverseDepthN } = makeScene({ seed: 4, move, parallaxPx: 40 });
  const { tracks, anchorFrame } = observations;
  const grid = { size: WORKING_SIZE, columns: 26, rows: 15 };
  const answer = await reliefEstimator.estimate({ tracks, anchorFrame, ...grid });
  const query = tracks.tracksTN2.slice(2 * anchorFrame * tracks.pointCount);
  return { arrays: readNpz(writeReliefNpz(answer, query, MOMENT)), inverseDepthN };
}

test("a scene that a moving camera saw: relief, points and cameras, nearer is larger", async () => {
  const { arrays, inverseDepthN } = await written("sideways");
  expect(arrays.get("known")?.data[0]).toBe(1);
  expect(arrays.get("relief")).toMatchObject({ shape: [15, 26], dtype: "float32" });
  expect(arrays.get("extrinsics_t44")?.shape).toEqual([21, 4, 4]);
  expect(arrays.get("query_xy_n2")?.shape).toEqual([390, 2]);
  const told = arrays.get("inverse_depth_n")?.data ?? [];
  const errors = Array.from(inverseDepthN, (truth, n) => Math.abs(told[n] / truth - 1)).sort();
  expect(errors[195]).toBeLessThan(0.05);
  expect([...(arrays.get("now_frame")?.data ?? [])]).toEqual([20]);
});

test("a camera that stood still tells nothing, and the file says why", async () => {
  const { arrays } = await written("still");
  expect(arrays.get("known")?.data[0]).toBe(0);
  expect(arrays.has("relief")).toBe(false);
  const why = new TextDecoder().decode(Uint8Array.from(arrays.get("why")?.data ?? []));
  expect(why).toBe("no-translation");
});

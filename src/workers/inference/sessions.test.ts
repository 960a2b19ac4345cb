import * as ort from "onnxruntime-web";
import { expect, test, vi } from "vitest";
import { startRuntime } from "./sessions.ts";

test("a runtime starts ahead of its pack by a graph that it really opens, and keeps none", async () => {
  ort.env.wasm.numThreads = 1;
  const create = vi.spyOn(ort.InferenceSession, "create");
  await startRuntime(ort);
  const session: ort.InferenceSession = await create.mock.results[0].value;
  expect([session.inputNames, session.outputNames]).toEqual([["x"], ["y"]]);
  const feeds = { x: new ort.Tensor("float32", [1]) };
  await expect(session.run(feeds)).rejects.toThrow();
}, 60_000);

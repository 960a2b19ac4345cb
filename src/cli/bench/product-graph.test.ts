import * as ort from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import {
  type Chain,
  matrixName,
  productGflops,
  productGraph,
  resultDims,
} from "./product-graph.ts";

const CHAINS: readonly Chain[] = [
  [
    [2, 3],
    [3, 1],
    [1, 200],
  ],
  [
    [2, 1, 2],
    [2, 2, 1],
  ],
];

describe("productGraph", () => {
  test("is a model that multiplies each chain from left to right", async () => {
    ort.env.wasm.numThreads = 1;
    const session = await ort.InferenceSession.create(productGraph(CHAINS));
    const feeds = Object.fromEntries(
      CHAINS.flatMap((chain, i) =>
        chain.map((dims, at) => {
          const size = dims.reduce((n, dim) => n * dim, 1);
          const values = Float32Array.from({ length: size }, (_, j) => j + 1);
          return [matrixName(i, at), new ort.Tensor("float32", values, dims)];
        }),
      ),
    );
    const results = await session.run(feeds);
    const long = results[matrixName(0, 3)];
    expect(long.dims).toEqual(resultDims(CHAINS[0]));
    // [1,2,3]·[1,2,3] = 14 and [4,5,6]·[1,2,3] = 32, each times 1, 2, …, 200.
    expect([long.data[1], long.data[200 + 199]]).toEqual([28, 6400]);
    expect([...(results[matrixName(1, 2)].data as Float32Array)]).toEqual([5, 25]);
    await session.release();
  });

  test("counts two operations for each multiply-add", () => {
    expect(1e9 * productGflops(CHAINS)).toBeCloseTo(2 * (2 * 3 + 2 * 200 + 2 * 2), 6);
  });
});

import { expect, test } from "vitest";
import type { Future } from "../../domain/forecast.ts";
import type { FlowCondition } from "./flow-model.ts";
import type { GraphTensor } from "./graph-runner.ts";
import { referenceSeeds, widened } from "./widening.ts";

interface Values extends GraphTensor {
  readonly values: Float32Array;
}

/** Two numbers a seed, (s, 2s), that the flow moves by 10; a future's tracks are its latent. */
function linearFlow() {
  const held = new Set<GraphTensor>();
  let released = false;
  const make = (values: Float32Array): Values => {
    const tensor = { dims: [values.length / 2, 2], values };
    held.add(tensor);
    return tensor;
  };
  const valuesOf = (tensor: GraphTensor) => (tensor as Values).values;
  const condition: FlowCondition = {
    source: async (seeds) => make(Float32Array.from(seeds.flatMap((seed) => [seed, 2 * seed]))),
    field: {
      advance: async (state, _time, step) => make(valuesOf(state).map((v) => v + 10 * step)),
      velocity: async (state) => valuesOf(state),
      read: async (state) => valuesOf(state),
      write: (values) => make(values),
      release: (state) => held.delete(state),
    },
    decode: async (latent, seeds) =>
      seeds.map((seed, i) => {
        const tracksTN2 = valuesOf(latent).slice(2 * i, 2 * i + 2);
        return { seed, tracks: { tracksTN2 } } as unknown as Future;
      }),
    release: () => {
      released = true;
    },
  };
  return { condition, make, held, isReleased: () => released };
}

const WIDENING = { factor: 1.5, references: 5 };

test("futures go away from the mean of the references, however those are batched", async () => {
  for (const batch of [1, 2, 5, 8]) {
    const { condition, make, held } = linearFlow();
    const wide = await widened(condition, WIDENING, batch);
    const latent = make(Float32Array.of(7, 4, 9, 0));
    const futures = await wide.decode(latent, [1, 2]);
    // The references end at (7, 4) on average.
    expect(futures.map((f) => [...f.tracks.tracksTN2])).toEqual([
      [7, 4],
      [10, -2],
    ]);
    expect([...held]).toEqual([latent]);
  }
});

test("no seed of a user is a reference", () => {
  expect(referenceSeeds(WIDENING).every((seed) => seed < 0)).toBe(true);
});

test("a cancel between references leaves nothing behind", async () => {
  const { condition, held, isReleased } = linearFlow();
  let runs = 0;
  const cancelled = widened(condition, WIDENING, 2, () => {
    if (++runs === 2) throw new Error("cancelled");
  });
  await expect(cancelled).rejects.toThrow("cancelled");
  expect(held.size).toBe(0);
  expect(isReleased()).toBe(true);
});

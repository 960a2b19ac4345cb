import { expect, test } from "vitest";
import type { SamplerSettings } from "../../../domain/forecast.ts";
import { SOLVER_NAMES } from "./list.ts";
import { evaluationCount, flowTimes, solve } from "./solve.ts";
import type { FlowField } from "./solver.ts";

/** States are counted, so that a leak or a double release fails. */
function countingField(velocity: (z: number, t: number) => number) {
  const alive = new Set<Float32Array>();
  const keep = (values: Float32Array) => {
    alive.add(values);
    return values;
  };
  let evaluations = 0;
  const at = (state: Float32Array, t: number) => {
    if (!alive.has(state)) throw new Error("a released state was used");
    evaluations++;
    return state.map((z) => velocity(z, t));
  };
  const field: FlowField<Float32Array> = {
    advance: async (state, t, step) => {
      const v = at(state, t);
      return keep(state.map((z, i) => z + step * v[i]));
    },
    velocity: async (state, t) => at(state, t),
    read: async (state) => state,
    write: (values) => keep(values.slice()),
    release: (state) => {
      if (!alive.delete(state)) throw new Error("a state was released twice");
    },
  };
  return { field, keep, alive, evaluations: () => evaluations };
}

async function integrate(
  velocity: (z: number, t: number) => number,
  start: number,
  sampler: SamplerSettings,
) {
  const { field, keep, alive, evaluations } = countingField(velocity);
  const end = await solve(field, keep(Float32Array.of(start)), sampler);
  expect([...alive]).toEqual([end]);
  expect(evaluations()).toBe(evaluationCount(sampler));
  return end[0];
}

test.each(SOLVER_NAMES)("%s is exact on a straight flow, whatever the steps", async (solver) => {
  for (const steps of [1, 3, 8]) {
    expect(await integrate(() => 2.5, 1, { solver, steps })).toBeCloseTo(3.5, 5);
  }
});

test.each([
  ["euler", 1],
  ["heun", 2],
  ["ab2", 2],
] as const)("%s converges with order %d", async (solver, order) => {
  // dz/dt = z + t, z(0) = 1 has the solution 2·e^t − t − 1.
  const exact = 2 * Math.E - 2;
  const error = async (steps: number) =>
    Math.abs((await integrate((z, t) => z + t, 1, { solver, steps })) - exact);
  const observed = Math.log2((await error(16)) / (await error(32)));
  expect(observed).toBeGreaterThan(order - 0.2);
  expect(observed).toBeLessThan(order + 0.3);
});

test("a shift keeps the order, spends its steps near the source and ends at the data", async () => {
  const times = flowTimes({ solver: "euler", steps: 4, timeShift: 3 });
  expect(times[0]).toBe(0);
  expect(times[4]).toBe(1);
  // The noise level half-way is 3·0.5 / (1 + 2·0.5).
  expect(times[2]).toBeCloseTo(0.25, 12);
  const exact = 2 * Math.E - 2;
  for (const solver of ["heun", "ab2"] as const) {
    const error = async (steps: number) => {
      const end = await integrate((z, t) => z + t, 1, { solver, steps, timeShift: 3 });
      return Math.abs(end - exact);
    };
    expect(Math.log2((await error(16)) / (await error(32)))).toBeGreaterThan(1.7);
  }
});

test("a second-order solver follows a flow that is linear in time exactly", async () => {
  expect(await integrate((_, t) => 4 * t, 0, { solver: "heun", steps: 2 })).toBeCloseTo(2, 6);
});

test.each(SOLVER_NAMES)("%s stops between evaluations and holds nothing", async (solver) => {
  const { field, keep, alive, evaluations } = countingField((z) => z);
  const stopped = solve(
    field,
    keep(Float32Array.of(1)),
    { solver, steps: 8 },
    {
      beforeEvaluation: () => {
        if (evaluations() === 3) throw new Error("stop");
      },
    },
  );
  await expect(stopped).rejects.toThrow("stop");
  expect(evaluations()).toBe(3);
  expect(alive.size).toBe(0);
});

test.each([
  { solver: "euler", steps: 0 },
  { solver: "midpoint", steps: 4 },
])("$solver with $steps steps is refused", async (sampler) => {
  const { field, keep, alive } = countingField((z) => z);
  const state = keep(Float32Array.of(1));
  await expect(solve(field, state, sampler)).rejects.toThrow(RangeError);
  expect(alive.size).toBe(0);
});

import { expect, test } from "vitest";
import { createConstraints } from "../../domain/constraints.ts";
import type { ForecastRequest } from "../../domain/ports.ts";
import { createTracks } from "../../domain/tracks.ts";
import { conditionKey } from "./condition-key.ts";

const base = (): ForecastRequest => ({
  inputs: { history: createTracks(3, 2), frame_interval: 1 / 16 },
  seeds: [1],
});

test("seeds and sampler are no condition, nor is an input that is absent", () => {
  const key = conditionKey(base());
  expect(conditionKey({ ...base(), seeds: [7, 8] })).toBe(key);
  expect(conditionKey({ ...base(), sampler: { solver: "heun", steps: 3 } })).toBe(key);
  const inputs = { frame_interval: 1 / 16, none: undefined, history: createTracks(3, 2) };
  expect(conditionKey({ inputs, seeds: [1] })).toBe(key);
});

test("an input that nobody here has heard of changes the key, as do its values and type", () => {
  const withInput = (weather: number | Float32Array) => ({
    ...base(),
    inputs: { ...base().inputs, weather },
  });
  const requests = [
    base(),
    withInput(1),
    withInput(2),
    withInput(Float32Array.of(1, 2)),
    withInput(Float32Array.of(1, 3)),
    withInput(Float32Array.of(1, 2, 0)),
  ];
  expect(new Set(requests.map(conditionKey)).size).toBe(requests.length);
});

test("one number of the history, one constraint and a new field of the request change it", () => {
  const moved = base();
  moved.inputs.history?.tracksTN2.fill(1, 11);
  const hidden = base();
  hidden.inputs.history?.visibilityTN.fill(1, 5);
  const free = { ...base(), constraints: createConstraints(4, 2) };
  const held = { ...base(), constraints: createConstraints(4, 2) };
  held.constraints.weightTN[3] = 1;
  const requests = [base(), moved, hidden, free, held, { ...base(), mood: "calm" }];
  expect(new Set(requests.map(conditionKey)).size).toBe(requests.length);
});

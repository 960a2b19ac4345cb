import { expect, test } from "vitest";
import { LABEL } from "../../domain/exploration.ts";
import { explore } from "./explore.ts";
import { neighboursOnMap } from "./map.ts";
import { rowDistance } from "./sketch.ts";
import { choosingFields, leftMover, shiftField } from "./testing.ts";

test("ways that a picture goes become modes with shares, and stillness is one of the answers", async () => {
  const { modes } = await explore(choosingFields(), { count: 400 });
  const names = modes.groups.map(({ name }) => name).sort();
  expect(names).toEqual(["left part, to the left", "left part, upward"]);
  // P(z < −0.5) = P(z > 0.5) = 0.309.
  for (const { share } of modes.groups) {
    expect(share.low).toBeLessThan(0.309);
    expect(share.high).toBeGreaterThan(0.309);
  }
  expect(modes.still.low).toBeLessThan(0.383);
  expect(modes.still.high).toBeGreaterThan(0.383);
  const counted = modes.groups.reduce((sum, { share }) => sum + share.count, 0);
  expect(counted + modes.still.count + modes.other.count).toBe(400);
  expect(modes.isFan).toBe(false);
});

test("a mode is stood for by a sample of its own, whose field is the one that the model gives it", async () => {
  const model = choosingFields();
  const { modes, latentsKL } = await explore(model, { count: 200 });
  for (const { number, medoid, fieldCN } of modes.groups) {
    expect(modes.labelsK[medoid]).toBe(number);
    expect(await model.fields(latentsKL.slice(4 * medoid, 4 * medoid + 4))).toEqual(fieldCN);
  }
});

test("more samples keep the numbers of the modes and move shares only within their intervals", async () => {
  const few = await explore(choosingFields(), { count: 200 });
  const numbers = new Map(few.modes.groups.map(({ medoid, number }) => [medoid, number]));
  const many = await explore(choosingFields(), { count: 800, numbers });
  expect(many.modes.groups).toHaveLength(few.modes.groups.length);
  for (const group of many.modes.groups) {
    const before = few.modes.groups.find(({ number }) => number === group.number);
    expect(before?.name).toBe(group.name);
    const share = group.share.count / group.share.total;
    expect(share).toBeGreaterThan(before?.share.low ?? 1);
    expect(share).toBeLessThan(before?.share.high ?? 0);
  }
  expect([...many.latentsKL.subarray(0, 800)]).toEqual([...few.latentsKL]);
});

test("futures that fan out without a gap are said to", async () => {
  const sight = leftMover();
  const fan = {
    sight,
    fields: async (latentsKL: Float32Array) => {
      const all: number[] = [];
      for (let k = 0; k < latentsKL.length; k += 4) {
        const angle = Math.atan2(latentsKL[k], latentsKL[k + 1]);
        all.push(...shiftField(sight, 60 * Math.cos(angle), 60 * Math.sin(angle)));
      }
      return Float32Array.from(all);
    },
  };
  const { modes } = await explore(fan, { count: 200 });
  expect(modes.still.count).toBe(0);
  expect(modes.groups.length).toBeGreaterThan(3);
  expect(modes.isFan).toBe(true);
});

test("a picture where nothing moves has no modes and is still in all samples", async () => {
  const sight = leftMover();
  const fields = async (z: Float32Array) => new Float32Array((z.length / 4) * 2 * 2 * 390);
  const { modes, map } = await explore({ sight, fields }, { count: 100 });
  expect(modes.groups).toEqual([]);
  expect(modes.still.count).toBe(100);
  expect([...modes.labelsK]).toEqual(Array(100).fill(LABEL.still));
  expect(map.placesK2.every(Number.isFinite)).toBe(true);
});

test("neighbours on the map do alike, and the axes point where the movers go", async () => {
  const { map, sketchKQ, modes } = await explore(choosingFields(), { count: 300 });
  const left = modes.groups.find(({ name }) => name.endsWith("left"))?.medoid ?? 0;
  const [x, y] = map.placesK2.subarray(2 * left, 2 * left + 2);
  expect(neighboursOnMap(map.placesK2, x, y)).toEqual([{ index: left, weight: 1 }]);
  const near = neighboursOnMap(map.placesK2, x + 0.01, y);
  expect(near.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
  for (const { index } of near) expect(rowDistance(sketchKQ, left, index)).toBeLessThan(20);
  expect(map.rim.right[0]).toBeGreaterThan(map.rim.left[0]);
  expect(map.rim.bottom[1]).toBeGreaterThan(map.rim.top[1]);
  expect(map.explained[0] + map.explained[1]).toBeGreaterThan(0.8);
});

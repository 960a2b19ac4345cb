import { expect, it } from "vitest";
import { stretchOf } from "./stretch.ts";

const told = Array.from({ length: 300 }, (_, i) => Math.sin(7 * i));
const noise = (i: number) => 0.05 * Math.sin(12.9898 * i * i);
const measured = told.map((x, i) => 0.7 + 0.6 * x + noise(i));
const variance = (value: number) => told.map(() => value);

it("log depths that are stretched as a whole are told by how much, whatever a tenth of them says", () => {
  expect(stretchOf(measured, told, variance(0.0025))).toBeCloseTo(0.6, 1);
  const wrong = measured.map((y, i) => (i % 10 === 0 ? 5 : y));
  expect(stretchOf(wrong, told, variance(0.0025))).toBeCloseTo(0.6, 1);
});

it("where next to nothing is measured they stay as they are, and no stretch turns them round", () => {
  expect(stretchOf(measured, told, variance(100))).toBeGreaterThan(0.95);
  expect(
    stretchOf(
      measured.map((y) => -y),
      told,
      variance(0.0025),
    ),
  ).toBeGreaterThan(0.3);
});

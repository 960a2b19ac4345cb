import { expect, test } from "vitest";
import { explore } from "./explore.ts";
import { tracksOfField } from "./field.ts";
import { judge } from "./judge.ts";
import { choosingFields, shiftField } from "./testing.ts";

test("a model that knows the ways comes nearer with more draws, and the truth's mode is named", async () => {
  const model = choosingFields();
  const { sight } = model;
  const exploration = await explore(model, { count: 200 });
  const fields = await model.fields(exploration.latentsKL.slice(0, 4 * 60));
  const size = fields.length / 60;
  const drawn = Array.from({ length: 60 }, (_, k) =>
    tracksOfField(sight, fields.subarray(k * size, (k + 1) * size)),
  );
  const plain = drawn.map((_, k) => tracksOfField(sight, shiftField(sight, 3 * k, 40)));
  const truth = tracksOfField(sight, shiftField(sight, 0, -62));
  truth.visibilityTN.fill(1);
  const { rows, whereAuroc, truthMode } = judge(
    exploration,
    drawn,
    { blind: plain, blindName: "blind" },
    truth,
    16,
  );
  expect(rows.map(({ name }) => name)).toEqual([
    "this model",
    "blind",
    "mean of this model",
    "nothing moves",
  ]);
  // Where a regressor is known, it takes the place of the mean.
  const regressor = tracksOfField(sight, shiftField(sight, 0, -62));
  const known = judge(
    exploration,
    drawn,
    { blind: plain, blindName: "blind", regressor },
    truth,
    16,
  );
  expect(known.rows[2]).toMatchObject({ name: "regressor" });
  expect(known.rows[2].curve[0]).toBeLessThan(1);
  const [ours, others, mean, still] = rows;
  expect(ours.curve).toHaveLength(50);
  expect(ours.curve[49]).toBeLessThan(ours.curve[0]);
  expect(ours.curve[49]).toBeLessThan(others.curve[49]);
  expect(ours.curve[9]).toBeLessThan(mean.curve[0]);
  expect(mean.curve[0]).toBeLessThan(still.curve[0]);
  expect(ours.energy).toBeLessThan(others.energy ?? 0);
  expect(still.parzenNll).toBeUndefined();
  expect(whereAuroc).toBe(1);
  const named = exploration.modes.groups.find(({ number }) => number === truthMode);
  expect(named?.name).toBe("left part, upward");
});

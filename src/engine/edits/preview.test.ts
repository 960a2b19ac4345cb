import { expect, test } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { POINT_COUNT } from "../../domain/grid.ts";
import { futureOf, historyOf } from "../completion/testing.ts";
import { previewFuture } from "./preview.ts";

const SIZE = { width: 832, height: 480 };
const history = historyOf(() => [0, 0]);
const [atX, atY] = history.tracksTN2.subarray(-2 * POINT_COUNT).subarray(2 * 200, 2 * 201);
const pin = (id: string, point: number, at: readonly [number, number]) =>
  pinOf(id, id, point, 20, at);

test("goes through the edit under way and keeps what the future followed already", () => {
  const first = pin("a", 200, [atX + 30, atY]);
  const followed = previewFuture(
    futureOf(() => [0, 0]),
    [first],
    history,
    SIZE,
  );
  const second = pin("b", 20, [400, 100]);
  const { tracksTN2 } = previewFuture(followed, [first, second], history, SIZE).tracks;
  const place = (point: number) => [
    ...tracksTN2.subarray(2 * (20 * POINT_COUNT + point)).slice(0, 2),
  ];
  expect(place(200)[0]).toBeCloseTo(atX + 30, 3);
  expect(place(200)[1]).toBeCloseTo(atY, 3);
  expect(place(20)).toEqual([expect.closeTo(400, 3), expect.closeTo(100, 3)]);
});

test("is the future itself where nothing is asked", () => {
  const shown = futureOf(() => [1, 0]);
  expect(previewFuture(shown, [{ ...pin("a", 3, [0, 0]), on: false }], history, SIZE)).toBe(shown);
});

import { expect, test } from "vitest";
import { commit, dropOldest, reachable, redo, startHistory, undo } from "./history.ts";

test("undo and redo walk through the steps, and a new step drops what was undone", () => {
  let history = startHistory("a");
  history = commit(history, "b", null, 0);
  history = commit(history, "c", null, 5000);
  history = undo(history);
  expect(history.present).toBe("b");
  expect(redo(history).present).toBe("c");
  history = commit(history, "d", null, 9000);
  expect(redo(history).present).toBe("d");
  expect(undo(undo(undo(history))).present).toBe("a");
});

test("one drag is one undo; the same key after a pause is another", () => {
  let history = startHistory(0);
  for (let i = 1; i <= 5; i++) history = commit(history, i, "now", i * 100);
  expect(undo(history).present).toBe(0);
  history = commit(history, 9, "now", 10_000);
  expect(undo(history).present).toBe(5);
});

test("all futures of a run are one undo however slowly they arrive", () => {
  let history = startHistory(0);
  for (let i = 1; i <= 3; i++) history = commit(history, i, "run:7", i * 60_000);
  expect(undo(history).present).toBe(0);
});

test("what undo and redo can reach is kept", () => {
  let history = startHistory("a");
  history = commit(history, "b", null, 0);
  history = undo(history);
  expect(reachable(history)).toEqual(["a", "b"]);
});

test("what does not fit is forgotten from its oldest step on, the present never", () => {
  let history = startHistory(0);
  for (let i = 1; i <= 5; i++) history = commit(history, i, null, i);
  history = undo(history);
  expect(reachable(dropOldest(history, (values) => values.length <= 3))).toEqual([3, 4, 5]);
  expect(dropOldest(history, () => false).present).toBe(4);
  expect(dropOldest(history, () => true)).toBe(history);
});

import { beforeEach, expect, test } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { type Studio, selectDocument } from "../studio.ts";
import { fakeStudio } from "../testing.ts";
import { duplicateEdit, renameEdit, reorderEdit, toggleEdit } from "./edit-list.ts";
import { putEdit } from "./edits.ts";

let studio: Studio;
const names = () => selectDocument(studio.state).edits.map(({ name }) => name);

beforeEach(() => {
  ({ studio } = fakeStudio());
  for (const id of ["a", "b", "c"]) putEdit(studio, pinOf(id, `Pin ${id}`, 5, 40, [100, 60]));
});

test("an edit goes up and down the list, not out of it: one undo step a sweep", () => {
  reorderEdit(studio, "a", 1);
  reorderEdit(studio, "a", 1);
  reorderEdit(studio, "a", 1);
  expect(names()).toEqual(["Pin b", "Pin c", "Pin a"]);
  studio.state.undo();
  expect(names()).toEqual(["Pin a", "Pin b", "Pin c"]);
  reorderEdit(studio, "c", -9);
  expect(names()).toEqual(["Pin c", "Pin a", "Pin b"]);
  const before = selectDocument(studio.state);
  reorderEdit(studio, "nobody", 1);
  expect(selectDocument(studio.state)).toBe(before);
});

test("a copy stands after its edit, is pointed out, and says the same under a name of its own", () => {
  const copy = duplicateEdit(studio, "a");
  expect(studio.state.selectedEdit).toBe(copy?.id);
  duplicateEdit(studio, copy?.id ?? "");
  expect(names()).toEqual(["Pin a", "Pin a copy", "Pin a copy 2", "Pin b", "Pin c"]);
  const [edit, twin] = selectDocument(studio.state).edits;
  expect({ ...twin, id: "", name: "" }).toEqual({ ...edit, id: "", name: "" });
  expect(twin.id).not.toBe(edit.id);
});

test("an edit is renamed and switched off and on; an empty name is none", () => {
  renameEdit(studio, "b", "  The cup ");
  renameEdit(studio, "b", "   ");
  expect(names()).toEqual(["Pin a", "The cup", "Pin c"]);
  toggleEdit(studio, "b");
  expect(selectDocument(studio.state).edits[1].on).toBe(false);
  studio.state.undo();
  expect(selectDocument(studio.state).edits[1].on).toBe(true);
});

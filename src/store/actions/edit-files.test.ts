import { expect, test } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { readEdits } from "../../formats/document/edits-file.ts";
import { selectDocument } from "../studio.ts";
import { fakeStudio } from "../testing.ts";
import { openClip } from "./clip.ts";
import { bringEdits, editsFile } from "./edit-files.ts";
import { putEdit } from "./edits.ts";
import { forecast } from "./forecast.ts";

const fileOf = (bytes: Uint8Array, name = "edits.json") =>
  new File([bytes as Uint8Array<ArrayBuffer>], name);

test("edits are saved alone and added to another clip, whose futures follow: one undo step", async () => {
  const { studio, asked } = fakeStudio();
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await forecast(studio);
  const pin = pinOf("a", "Pin 1", 27, 40, [78, 88]);
  putEdit(studio, pin);
  const bytes = editsFile(studio);
  if (!bytes) throw new Error("no file");
  expect(readEdits(bytes).edits).toEqual([pin]);
  const before = selectDocument(studio.state);
  await bringEdits(studio, fileOf(bytes));
  const { edits } = selectDocument(studio.state);
  expect(edits).toHaveLength(2);
  expect(edits[1]).toEqual({ ...pin, id: edits[1].id });
  expect(asked.requests.at(-1)?.constraints).toBeDefined();
  studio.state.undo();
  expect(selectDocument(studio.state)).toEqual(before);
});

test("without a clip, or damaged, a file of edits changes nothing and says what to do", async () => {
  const { studio } = fakeStudio();
  const text = '{"schema":"foretrack-edits","version":1}';
  await bringEdits(studio, fileOf(new TextEncoder().encode(text)));
  expect(studio.state.notice).toMatchObject({ kind: "error", message: /damaged at/ });
  expect(selectDocument(studio.state).edits).toEqual([]);
  await openClip(studio, new File(["a clip"], "made.mp4"));
  putEdit(studio, pinOf("a", "Pin 1", 27, 40, [78, 88]));
  const bytes = editsFile(studio) ?? new Uint8Array();
  const { studio: empty } = fakeStudio();
  await bringEdits(empty, fileOf(bytes));
  expect(empty.state.notice?.remedy).toContain("Open a clip first");
});

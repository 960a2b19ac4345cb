import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dragOf } from "../../domain/edits/drag.ts";
import { pinOf } from "../../domain/edits/pin.ts";
import { MAX_EDITS } from "../../domain/edits.ts";
import { FormatError } from "../../domain/errors.ts";
import { fixtureDocument } from "../fixture.ts";
import { readDocument, writeDocument } from "./document.ts";
import { editsJsonSchema, groundOf, readEdits, writeEdits } from "./edits-file.ts";

const SCHEMA_URL = new URL("../../../public/schemas/edits.schema.json", import.meta.url);

const document = fixtureDocument();
const ground = groundOf(document);
const pin = pinOf("a", "Pin 1", 4, 30, [100.25, 50.5]);
const drag = dragOf(
  { id: "b", name: "Drag 1" },
  [0, 80],
  [
    [1, 2, 0],
    [30, 40, 900],
  ],
  "drawn",
);

type Json = Record<string, unknown> & { edits: Record<string, unknown>[] };

function changed(change: (json: Json) => void): Uint8Array {
  const json = JSON.parse(new TextDecoder().decode(writeEdits([pin, drag], ground))) as Json;
  change(json);
  return new TextEncoder().encode(JSON.stringify(json));
}

test("edits alone come back, with what they were laid over", () => {
  const bytes = writeEdits([pin, drag], ground);
  const read = readEdits(bytes);
  expect(read.edits).toEqual([pin, drag]);
  expect(read.notes).toEqual([]);
  expect(read.ground).toEqual(ground);
  const again = writeEdits(read.edits, read.ground);
  expect(Buffer.compare(writeEdits(readEdits(again).edits, ground), again)).toBe(0);
});

test("a whole forecast gives its edits too", () => {
  const bytes = writeDocument({ ...document, forecast: { ...document.forecast, edits: [pin] } });
  expect(readEdits(bytes)).toMatchObject({ edits: [pin], notes: [] });
});

test("what this build cannot read of a list is left out and named, the rest is taken", () => {
  const bytes = changed(({ edits }) => {
    edits.push(
      { ...pin, id: "x", kind: "portal", name: "Door" },
      { ...pin, id: "y", at: [null, 4] },
    );
    edits.push({ ...pin, frames: [0, 99_999] }, { ...pin });
  });
  const { edits, notes } = readEdits(bytes);
  expect(edits.map(({ id }) => id)).toEqual(["a", "b", "a-2"]);
  expect(notes).toHaveLength(3);
  expect(notes[0]).toMatch(/Edit 3 \(Door\).*no edit of the kind “portal”/);
  expect(notes[1]).toMatch(/Edit 4 \(Pin 1\).*at\.0/);
});

test("the same holds for the edits of a whole forecast: it opens", () => {
  const bytes = writeDocument({ ...document, forecast: { ...document.forecast, edits: [pin] } });
  const json = JSON.parse(new TextDecoder().decode(bytes));
  json.edits.push({ ...pin, id: "x", kind: "portal" });
  const read = readDocument(new TextEncoder().encode(JSON.stringify(json)));
  expect(read.document.forecast.edits).toEqual([pin]);
  expect(read.repairs.join()).toContain("portal");
});

test("a path of 100,000 samples is thinned out: its ends and its way stay", () => {
  const samples = Array.from({ length: 100_000 }, (_, i) => [i / 100, 5, i]);
  const { edits, notes } = readEdits(changed((json) => Object.assign(json.edits[1], { samples })));
  const [, long] = edits;
  if (long.kind !== "drag") throw new Error("no drag");
  expect(long.samples.length).toBeLessThanOrEqual(60_000);
  expect(long.samples[0]).toEqual([0, 5, 0]);
  expect(long.samples[long.samples.length - 1]).toEqual([999.99, 5, 99_999]);
  expect(notes.join()).toContain("thinned out");
});

test.each<[string, Uint8Array, RegExp]>([
  ["10,000 edits", changed((json) => json.edits.push(...Array(10_000).fill(pin))), /10,002 edits/],
  ["a newer version", changed((json) => Object.assign(json, { version: 9 })), /newer.*version 9/],
  [
    "another schema",
    changed((json) => Object.assign(json, { schema: "x" })),
    /no edits of Foretrack/,
  ],
  ["no rate", changed((json) => Object.assign(json, { fps: 0 })), /damaged at fps/],
  ["NaN", new TextEncoder().encode('{"schema":"foretrack-edits","fps":NaN}'), /not valid JSON/],
  ["a list", new TextEncoder().encode("[]"), /no edits of Foretrack/],
])("%s is refused with what to do", (_, bytes, message) => {
  expect(() => readEdits(bytes)).toThrow(FormatError);
  expect(() => readEdits(bytes)).toThrow(message);
  expect(MAX_EDITS).toBe(1000);
});

test("the published JSON Schema is the one that is checked", () => {
  const text = `${JSON.stringify(editsJsonSchema(), null, 2)}\n`;
  if (process.env.UPDATE_SCHEMAS) writeFileSync(SCHEMA_URL, text);
  expect(readFileSync(SCHEMA_URL, "utf8")).toBe(text);
});

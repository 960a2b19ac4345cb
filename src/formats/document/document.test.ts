import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { FormatError } from "../../domain/errors.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { exportForecast } from "../export/common/run.ts";
import { fixtureDocument } from "../fixture.ts";
import { asSaved, DOCUMENT_PRECISION_PX, readDocument, writeDocument } from "./document.ts";
import { type DocumentJson, documentJsonSchema } from "./schema.ts";

const SCHEMA_URL = new URL("../../../public/schemas/forecast.schema.json", import.meta.url);

function edited(edit: (json: DocumentJson) => void): Uint8Array {
  const small = exportForecast(fixtureDocument(), "json", { points: [0, 1], futures: [0] }).bytes;
  const json = JSON.parse(new TextDecoder().decode(small)) as DocumentJson;
  edit(json);
  return new TextEncoder().encode(JSON.stringify(json));
}

function expectClose(a: Tracks, b: Tracks): void {
  expect(Buffer.compare(a.visibilityTN, b.visibilityTN)).toBe(0);
  let worst = 0;
  a.tracksTN2.forEach((v, i) => {
    worst = Math.max(worst, Math.abs(v - b.tracksTN2[i]));
  });
  // float32 adds its own rounding, 3e-5 px at 832 px.
  expect(worst).toBeLessThan(DOCUMENT_PRECISION_PX + 1e-4);
}

test("a forecast comes back within the stated precision, and then bit for bit", () => {
  const document = fixtureDocument(3);
  const bytes = writeDocument(document);
  const { document: read, repairs } = readDocument(bytes);
  expect(repairs).toEqual([]);
  expect(read.clip).toEqual(document.clip);
  expect(read.forecast.queryXyN2).toEqual(document.forecast.queryXyN2);
  expectClose(read.forecast.history, document.forecast.history);
  expect(read.forecast.futures.map((future) => future.seed)).toEqual([100, 101, 102]);
  read.forecast.futures.forEach((future, k) => {
    expectClose(future.tracks, document.forecast.futures[k].tracks);
    expect(future.cameraPathT6).toHaveLength(81 * 6);
    expect(future.cameraPathT6?.[7]).toBeCloseTo(7 / 1024, 6);
  });
  expectClose(read.forecast.truth as Tracks, document.forecast.truth as Tracks);
  const { fps, nowSecs, packId, sampler } = document.forecast;
  expect(read.forecast).toMatchObject({ fps, nowSecs, packId, sampler });
  expect(Buffer.compare(writeDocument(read), bytes)).toBe(0);
});

test("as saved is what comes back, in every bit, far outside the frame too", () => {
  const { clip, forecast } = fixtureDocument();
  forecast.futures[0].tracks.tracksTN2.set([-0, -0.0004, 20_000.123, -9_000.4567, 831.4996]);
  const from = { ...forecast, importedFrom: "tapir.npz" };
  const read = readDocument(writeDocument({ forecast: from, clip })).document.forecast;
  const saved = asSaved(from);
  expect(saved).toEqual(read);
  expect(Object.is(saved.futures[0].tracks.tracksTN2[0], 0)).toBe(true);
  expect(saved.importedFrom).toBe("tapir.npz");
});

test("futures of one seed and other latents are told apart, so that each gives itself again", () => {
  const picture = "a".repeat(64);
  const document = fixtureDocument(3);
  const futures = document.forecast.futures.map((future, k) => ({
    ...future,
    seed: k === 2 ? 9 : 7,
    latent: { z: [k, 0.5], picture },
  }));
  const { document: read, repairs } = readDocument(
    writeDocument({ ...document, forecast: { ...document.forecast, futures } }),
  );
  expect(read.forecast.futures.map(({ seed, latent }) => [seed, latent?.z[0]])).toEqual([
    [7, 0],
    [10, 1],
    [9, 2],
  ]);
  expect(repairs).toEqual(["Future 2 had the seed 7 of another one: it is 10 now."]);
});

test("edits go along, in a version of their own; without them the document stays as it was", () => {
  const { clip, forecast } = fixtureDocument();
  const versionOf = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)).version;
  const plain = writeDocument({ forecast, clip });
  expect(versionOf(plain)).toBe(1);
  expect(Buffer.compare(writeDocument({ forecast: { ...forecast, edits: [] }, clip }), plain)).toBe(
    0,
  );
  const edits = [pinOf("a", "Pin 1", 4, 30, [100.25, 50.5])];
  const bytes = writeDocument({ forecast: { ...forecast, edits }, clip });
  expect(versionOf(bytes)).toBe(2);
  const read = readDocument(bytes);
  expect(read.document.forecast.edits).toEqual(edits);
  expect(read.repairs).toEqual([]);
});

test("edits name points by their place: an export of some points leaves them out", () => {
  const { clip, forecast } = fixtureDocument();
  const document = { clip, forecast: { ...forecast, edits: [pinOf("a", "Pin 1", 4, 30, [1, 2])] } };
  const editsOf = (points: readonly number[] | null) => {
    const options = { futures: [0], ...(points ? { points } : {}) };
    return readDocument(exportForecast(document, "json", options).bytes).document.forecast.edits;
  };
  expect(editsOf(null)).toHaveLength(1);
  expect(editsOf([0, 1])).toBeUndefined();
});

test("a forecast that is not finite is not written", () => {
  const document = fixtureDocument();
  document.forecast.futures[1].tracks.tracksTN2[5] = Number.NaN;
  expect(() => writeDocument(document)).toThrow(/future 101/);
});

describe("on the way in", () => {
  test("unknown fields are ignored and a past off its query points is put back", () => {
    const bytes = edited((json) => {
      Object.assign(json, { note: "from a later version" });
      json.history.tracksTN2[80][1] = [40, 40];
    });
    const { document, repairs } = readDocument(bytes);
    expect([...document.forecast.history.tracksTN2.slice(-2)]).toEqual([48, 16]);
    expect(repairs).toHaveLength(1);
  });

  test.each<[string, (json: DocumentJson) => void, RegExp]>([
    ["a missing frame", (json) => json.history.visibilityTN.pop(), /history/],
    ["a missing point", (json) => json.futures[0].tracksTN2[7].pop(), /futures\.0/],
    [
      "text for a number",
      (json) => Object.assign(json.futures[0].tracksTN2[3][1], { 0: "4" }),
      /futures\.0\.tracksTN2\.3\.1\.0/,
    ],
    ["another frame size", (json) => Object.assign(json.frame, { width: 640 }), /frame\.width/],
    ["a later version", (json) => Object.assign(json, { version: 3 }), /newer/],
    ["another schema", (json) => Object.assign(json, { schema: "x" }), /not a Foretrack forecast/],
  ])("%s is refused by its place", (_, edit, message) => {
    expect(() => readDocument(edited(edit))).toThrow(FormatError);
    expect(() => readDocument(edited(edit))).toThrow(message);
  });

  test("keys that reach a prototype are refused at any depth", () => {
    for (const key of ["__proto__", "constructor", "prototype", "\\u005f_proto__"]) {
      const bytes = new TextEncoder().encode(
        `{"schema":"foretrack-forecast","clip":{"${key}":{"polluted":1}}}`,
      );
      expect(() => readDocument(bytes)).toThrow(/not allowed/);
    }
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  test("NaN, deep nesting and other text are refused", () => {
    for (const text of ["{NaN}", "[".repeat(9999) + "]".repeat(9999), "", "\u0000"]) {
      expect(() => readDocument(new TextEncoder().encode(text))).toThrow(FormatError);
    }
  });
});

test("the published JSON Schema is the one that the studio checks", () => {
  const text = `${JSON.stringify(documentJsonSchema(), null, 2)}\n`;
  if (process.env.UPDATE_SCHEMAS) writeFileSync(SCHEMA_URL, text);
  expect(readFileSync(SCHEMA_URL, "utf8")).toBe(text);
});

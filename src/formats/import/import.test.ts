import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../domain/errors.ts";
import { sliceFrames } from "../../domain/tracks.ts";
import { writeNpy } from "../containers/npy.ts";
import { writeNpz } from "../containers/npz.ts";
import { writeTorchBytes } from "../containers/torch-bytes.ts";
import { exportForecast } from "../export/common/run.ts";
import { FIXTURE, fixtureDocument } from "../fixture.ts";
import { importTracks, inspectTracks } from "./common/read.ts";
import type { ImportChoices } from "./common/types.ts";
import { importProposed } from "./testing.ts";

const document = fixtureDocument();
const text = (content: string) => new TextEncoder().encode(content);

describe("positions that are not numbers", () => {
  const values = [1, 1, Number.NaN, 2, 300, 3, 4, Number.POSITIVE_INFINITY, 500, 5, 6, 6];
  const file = writeNpy([3, 2, 2], "float32", values);
  const choices = (nonFinite: "hide" | "refuse") => ({
    ...inspectTracks(file, "nan.npy").proposal,
    axes: "TNC" as const,
    order: "xy" as const,
    units: "px" as const,
    nonFinite,
  });

  test("are counted and located", () => {
    const note = inspectTracks(file, "nan.npy").arrays[0];
    expect(note).toMatchObject({ nonFinite: 2, firstNonFinite: "[0, 1, 0]", min: 1, max: 500 });
  });

  test("are hidden, with the nearest known position, when the user agrees", () => {
    const { tracks, notices } = importTracks(file, "nan.npy", choices("hide"));
    expect(tracks.visibilityTN).toEqual(Uint8Array.of(1, 0, 1, 0, 1, 1));
    expect([...tracks.tracksTN2.slice(2, 4)]).toEqual([6, 6]);
    expect([...tracks.tracksTN2.slice(6, 8)]).toEqual([6, 6]);
    expect(notices.join()).toMatch(/2 positions/);
  });

  test("stop the import by their place when the user does not", () => {
    expect(() => importTracks(file, "nan.npy", choices("refuse"))).toThrow(/\[0, 1\]/);
  });
});

describe("refused with a way out", () => {
  const pickle = Uint8Array.of(0x80, 4, 0x95, 1, 2, 3);
  test.each<[string, Uint8Array, RegExp]>([
    ["a pickle", pickle, /pickle/],
    ["a torch file", writeTorchBytes(Uint8Array.of(1, 2, 3)), /PyTorch/],
    ["nothing", new Uint8Array(), /empty/],
    ["a video", Uint8Array.of(0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70), /not a file of tracks/],
    ["prose", text("Hello, world"), /not a table of tracks/],
    ["an object without arrays", text('{"a": 1}'), /no tracks/],
    ["a wrapped prototype", text('{"tracks": [[[1, 2]]], "__proto__": {"x": 1}}'), /not allowed/],
    ["ragged tracks", text('[[{"x":1,"y":2}],[]]'), /Track 1/],
    ["ragged numbers", text("[[[1,2],[3,4]],[[1,2]]]"), /tracks\[1\] does not hold 2/],
    ["editable splines", text('[{"points":[{"x":1,"y":2}]}]'), /splines/],
    ["a wrong cell", text("frame,point,x,y\n0,0,1,abc\n"), /Row 2, column y/],
    ["a table without x", text("frame,point,y\n0,0,1\n"), /not a table of tracks/],
    ["one number", writeNpy([1], "float32", [1]), /No array looks like tracks/],
    [
      "flags only",
      writeNpz([{ name: "v", shape: [4, 4, 2], dtype: "bool", values: new Uint8Array(32) }]),
      /No array/,
    ],
  ])("%s", (_, bytes, message) => {
    let caught: unknown;
    try {
      inspectTracks(bytes, "file");
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(FormatError);
    expect((caught as FormatError).message).toMatch(message);
    expect((caught as FormatError).remedy.length).toBeGreaterThan(10);
  });

  test("choices that do not fit the file", () => {
    const file = writeNpy([3, 2, 2], "float32", new Float32Array(12));
    const { proposal } = inspectTracks(file, "a.npy");
    const attempts: Partial<ImportChoices>[] = [
      { tracks: "other" },
      { axes: "BTCHW" },
      { sourceSize: { width: 0, height: 480 } },
      { visibility: { array: "tracks", meaning: "visible", threshold: 0.5 } },
      { queries: { array: "tracks", order: "tyx", units: "px" } },
    ];
    for (const change of attempts) {
      expect(() => importTracks(file, "a.npy", { ...proposal, ...change })).toThrow(FormatError);
    }
  });
});

test("any finite tracks survive npz and CSV, whatever their shape", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 5 }),
      fc.infiniteStream(fc.integer({ min: -40_000, max: 40_000 })),
      (T, N, stream) => {
        const xy = Float32Array.from({ length: T * N * 2 }, () => (stream.next().value ?? 0) / 32);
        const flags = Uint8Array.from({ length: T * N }, () => (stream.next().value ?? 0) & 1);
        const file = writeNpz([
          { name: "tracks", shape: [T, N, 2], dtype: "float32", values: xy },
          { name: "visibility", shape: [T, N], dtype: "uint8", values: flags },
        ]);
        const choices: ImportChoices = {
          tracks: "tracks",
          axes: "TNC",
          order: "xy",
          units: "px",
          origin: "pixel-centre",
          sourceSize: { width: 832, height: 480 },
          fit: "cover",
          visibility: { array: "visibility", meaning: "visible", threshold: 0.5 },
          queries: null,
          nonFinite: "refuse",
        };
        const { tracks } = importTracks(file, "t.npz", choices);
        expect(tracks.tracksTN2).toEqual(xy);
        expect(tracks.visibilityTN).toEqual(flags);
        const rows = ["t;id;x;y;occluded"];
        for (let i = 0; i < T * N; i++) {
          rows.push(`${Math.floor(i / N)};${i % N};${xy[2 * i]};${xy[2 * i + 1]};${1 - flags[i]}`);
        }
        const csv = text(
          rows
            .reverse()
            .join("\r\n")
            .replace(/^(.*)\r\n(t;id.*)$/s, "$2\r\n$1"),
        );
        const read = importTracks(csv, "t.csv", {
          ...choices,
          visibility: { array: "tracks occluded", meaning: "occluded", threshold: 0.5 },
        });
        expect(read.tracks.tracksTN2).toEqual(xy);
        expect(read.tracks.visibilityTN).toEqual(flags);
      },
    ),
    { numRuns: 60 },
  );
});

test("a missing row of a table is a hidden point", () => {
  const { imported } = importProposed(
    text("frame,point,x,y\n0,7,1,2\n0,9,300,4\n2,7,5,6\n"),
    "t.csv",
  );
  expect(imported.tracks).toMatchObject({ frameCount: 2, pointCount: 2 });
  expect(imported.tracks.visibilityTN).toEqual(Uint8Array.of(1, 1, 1, 0));
  expect([...imported.tracks.tracksTN2.slice(6)]).toEqual([300, 4]);
});

test("the fixture's hidden point stays hidden through an import", () => {
  const { bytes } = exportForecast(document, "csv", { segment: "both" });
  const { imported } = importProposed(bytes, "t.csv");
  const now = sliceFrames(imported.tracks, 80, 81);
  expect(now.visibilityTN[FIXTURE.hiddenAtNow]).toBe(0);
  expect(now.visibilityTN[FIXTURE.asymmetric]).toBe(1);
});

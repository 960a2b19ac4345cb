import { describe, expect, test } from "vitest";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { inspectTracks } from "./common/read.ts";
import { importProposed } from "./testing.ts";

const px = { sourceSize: WORKING_SIZE, origin: "pixel-centre", units: "px" } as const;
const imported = (lines: readonly string[], name = "t.csv") =>
  importProposed(new TextEncoder().encode(lines.join("\n")), name, px);
/** Of the first frame. */
const firstOf = ({ imported: { tracks } }: ReturnType<typeof imported>) => [
  ...tracks.tracksTN2.slice(0, 2 * tracks.pointCount),
];
const flagsOf = ({ imported: { tracks } }: ReturnType<typeof imported>) => [...tracks.visibilityTN];

describe("DeepLabCut", () => {
  const plain = [
    "scorer,net,net,net,net,net,net",
    "bodyparts,nose,nose,nose,tail,tail,tail",
    "coords,x,y,likelihood,x,y,likelihood",
    "0,300.5,20.25,0.99,30,200,0.98",
    "1,301.5,21,0.99,31,201,0.2",
  ];
  test("a row a frame, visible where it is likely", () => {
    const read = imported(plain);
    expect(read.inspection.looksLike).toBe("DeepLabCut");
    expect(read.inspection.reasons.join()).toMatch(/nose, tail.*likelihood is above 0\.6/);
    expect(firstOf(read)).toEqual([300.5, 20.25, 30, 200]);
    expect(flagsOf(read)).toEqual([1, 1, 1, 0]);
  });

  test("several animals with parts of one name", () => {
    const read = imported([
      "scorer,net,net,net,net,net,net",
      "individuals,mouse1,mouse1,mouse1,mouse2,mouse2,mouse2",
      "bodyparts,nose,nose,nose,nose,nose,nose",
      ...plain.slice(2),
    ]);
    expect(read.imported.tracks).toMatchObject({ frameCount: 2, pointCount: 2 });
    expect(firstOf(read)).toEqual([300.5, 20.25, 30, 200]);
  });

  test.each([
    ["one column", (n: string) => `labeled-data/clip/img${n}.png`, ""],
    ["three columns", (n: string) => `labeled-data,clip,img${n}.png`, ",,"],
  ])("labelled pictures, named in %s, lie where their numbers say", (_, name, more) => {
    const read = imported([
      `scorer${more},me,me`,
      `bodyparts${more},nose,nose`,
      `coords${more},x,y`,
      `${name("007")},300.5,20.25`,
      `${name("008")},301.5,20.25`,
      `${name("010")},303.5,20.25`,
    ]);
    expect(flagsOf(read)).toEqual([1, 1, 0, 1]);
    expect(read.inspection.reasons.join()).toMatch(/first frame is number 7.*1 frames have no row/);
  });
});

test("SLEAP's analysis: a row an animal and frame, empty cells and missing rows are hidden", () => {
  const read = imported([
    "track,frame_idx,instance.score,nose.x,nose.y,nose.score,tail.x,tail.y,tail.score",
    "track_0,0,0.9,300.5,20.25,0.8,30,200,0.7",
    "track_0,1,0.9,301.5,21,0.8,,,",
    "track_1,0,0.9,400,120,0.1,410,130,0.7",
    "track_1,3,0.9,401,121,0.8,411,131,0.7",
  ]);
  expect(read.inspection.looksLike).toBe("SLEAP analysis");
  expect(firstOf(read)).toEqual([300.5, 20.25, 30, 200, 400, 120, 410, 130]);
  const frames = [
    [1, 1, 1, 1],
    [1, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 1, 1],
  ];
  expect(flagsOf(read)).toEqual(frames.flat());
});

describe("columns for every point", () => {
  test.each([
    ["x0,y0", "frame,x0,y0,x1,y1"],
    ["nose_x,nose_y", "frame,nose_x,nose_y,tail_x,tail_y"],
    ["x_nose,y_nose", "frame,x_nose,y_nose,x_tail,y_tail"],
    ["nose.X", "Frame,nose.X,nose.Y,tail.X,tail.Y"],
    ["p1 x", "t,p1 x,p1 y,p2 x,p2 y"],
    ["pandas' unnamed row numbers", ",nose_x,nose_y,tail_x,tail_y"],
  ])("%s", (_, header) => {
    const read = imported([header, "0,300.5,20.25,30,200", "1,301.5,21,31,201"]);
    expect(read.imported.tracks).toMatchObject({ frameCount: 2, pointCount: 2 });
    expect(firstOf(read)).toEqual([300.5, 20.25, 30, 200]);
  });

  test("semicolons and decimal commas", () => {
    const read = imported(["frame;a_x;a_y", "0;300,5;20,25", "1;301,5;21"]);
    expect(firstOf(read)).toEqual([300.5, 20.25]);
  });

  test("two rows of one frame that nothing tells apart are refused", () => {
    const lines = ["frame,a_x,a_y", "0,1,2", "1,1,2", "1,5,6"];
    expect(() => imported(lines)).toThrow(/Row 4 is the second one of frame 1/);
  });

  test("px_x beside frame and point is a row a point, as before", () => {
    const read = imported(["frame,point,px_x,px_y", "0,4,300,20", "0,9,30,200"]);
    expect(read.imported.tracks).toMatchObject({ frameCount: 1, pointCount: 2 });
  });
});

describe("rows that name their frame", () => {
  const rows = (frames: readonly number[]) => [
    "frame,point,x,y",
    ...frames.map((frame, i) => `${frame},0,${300 + i},20`),
  ];
  test("frames without a row are hidden, so that later ones keep their time", () => {
    const read = imported(rows([0, 1, 4, 5]));
    expect(flagsOf(read)).toEqual([1, 1, 0, 0, 1, 1]);
    expect(read.inspection.reasons.join()).toMatch(/2 frames have no row/);
  });

  test("every tenth frame is read one after the other, and told", () => {
    const read = imported(rows([20, 30, 40]));
    expect(flagsOf(read)).toEqual([1, 1, 1]);
    expect(read.inspection.reasons.join()).toMatch(/number 20.*one frame in 10/);
  });

  test("numbers too far apart to keep their place give the order", () => {
    const read = imported(rows([0, 1, 2_000_000_001]));
    expect(read.imported.tracks.frameCount).toBe(3);
  });
});

test.each([
  ["a.h5", "\x89HDF\r\n\x1a\n", /read_hdf\('a\.h5'\)/],
  ["b'.mat", "MATLAB 5.0 MAT-file", /loadmat\('b_\.mat'\)/],
  ["c.parquet", "PAR1", /read_parquet/],
  ["d.xlsx", "PK\x03\x04", /Save it as CSV/],
])("%s is named, with the way out", (name, start, wayOut) => {
  const bytes = Uint8Array.from([...start.padEnd(64)].map((c) => c.charCodeAt(0)));
  expect(() => inspectTracks(bytes, name)).toThrow(
    expect.objectContaining({ remedy: expect.stringMatching(wayOut) }),
  );
});

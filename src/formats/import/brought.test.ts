import { describe, expect, test } from "vitest";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { writeNpy } from "../containers/npy.ts";
import { type NpzEntry, writeNpz } from "../containers/npz.ts";
import { inspectTracks } from "./common/read.ts";
import { importProposed } from "./testing.ts";

const text = (content: string) => new TextEncoder().encode(content);
const px = { sourceSize: WORKING_SIZE, origin: "pixel-centre", units: "px" } as const;
const first = (bytes: Uint8Array, name: string, count = 4) =>
  [...importProposed(bytes, name, px).imported.tracks.tracksTN2].slice(0, count);
const f32 = (name: string, shape: number[], values: ArrayLike<number>): NpzEntry => ({
  name,
  shape,
  dtype: "float32",
  values,
});

describe("SplineEditor's shapes", () => {
  const track = [
    { x: 300.5, y: 20 },
    { x: 301.5, y: 21 },
  ];
  const other = [
    { x: 30, y: 200 },
    { x: 31, y: 201 },
  ];
  test.each<[string, unknown, number]>([
    ["one flat track", track, 1],
    ["a list of tracks", [track, other], 2],
    ["JSON in JSON", JSON.stringify([track, other]), 2],
    ["a list of texts", [JSON.stringify(track), JSON.stringify(other)], 2],
    ["a list of texts of lists", [JSON.stringify([track]), JSON.stringify([other])], 2],
  ])("%s", (_, value, pointCount) => {
    const { imported } = importProposed(text(JSON.stringify(value)), "kj.json", px);
    expect(imported.tracks).toMatchObject({ frameCount: 2, pointCount });
    expect([...imported.tracks.tracksTN2.slice(0, 2)]).toEqual([300.5, 20]);
  });
});

describe("tables written as JSON", () => {
  const rows = [0, 1, 2].flatMap((frame) =>
    [0, 1].map((id) => ({ frame, id, x: 100 * id + frame + 0.25, y: 50 + id })),
  );
  test.each([
    ["a list of objects", JSON.stringify(rows)],
    ["an object a line", rows.map((row) => JSON.stringify(row)).join("\n")],
  ])("%s that name their frame and point are that many tracks, not one", (_, content) => {
    const { imported } = importProposed(text(content), "rows.json", px);
    expect(imported.tracks).toMatchObject({ frameCount: 3, pointCount: 2 });
    expect([...imported.tracks.tracksTN2.slice(0, 4)]).toEqual([0.25, 50, 100.25, 51]);
  });

  test("coordinates in an object keep the size that stands beside them", () => {
    const tracks = [[0, 1, 2].map((t) => ({ x: 300 + t, y: 200 }))];
    const { inspection } = importProposed(
      text(JSON.stringify({ tracks, width: 640, height: 480 })),
      "wrapped.json",
      {},
    );
    expect(inspection.proposal.sourceSize).toEqual({ width: 640, height: 480 });
  });
});

test("Python's NaN and Infinity in JSON are hidden points; inside quotes they stay", () => {
  const json = '{"NaN": "NaN", "tracks": [[[300.0, 2.0], [NaN, -Infinity]], [[301, 3], [50, 60]]]}';
  const { imported, inspection } = importProposed(text(json), "nan.json", { ...px, axes: "TNC" });
  expect([...imported.tracks.visibilityTN]).toEqual([1, 0, 1, 1]);
  expect(inspection.reasons.join()).toMatch(/2 values are not numbers/);
});

describe("tables of other tools", () => {
  const want = [300.5, 20.25, 30, 200];
  const rows = (separator: string, decimal = ".") =>
    ["0 0 300.5 20.25", "0 1 30 200", "1 0 301.5 21", "1 1 31 201"]
      .map((row) => row.replaceAll(".", decimal).replaceAll(" ", separator))
      .join("\n");
  const trackmate = [
    "LABEL,ID,TRACK_ID,POSITION_X,POSITION_Y,POSITION_T,FRAME",
    "Label,Spot ID,Track ID,X,Y,T,Frame",
    "Label,Spot ID,Track ID,X,Y,T,Frame",
    ",,,(pixel),(pixel),(sec),",
    "a,901,0,300.5,20.25,0.0,0",
    "b,902,1,30,200,0.0,0",
    "c,903,None,5,5,0.0,0",
    "d,904,0,301.5,21,0.1,1",
    "e,905,1,31,201,0.1,1",
  ].join("\r\n");
  const trackpy = [
    ",y,x,mass,frame,particle",
    "0,20.25,300.5,99,0,0",
    "1,200,30,99,0,1",
    "2,21,301.5,99,1.0,0",
    "3,201,31,99,1.0,1",
  ].join("\n");
  const comma = `frame,point,x,y\n${rows(",")}\n`;
  test.each<[string, string]>([
    ["quoted headers", `"frame","point","x","y"\n${rows(",")}`],
    [
      "quoted cells with commas in them",
      `frame,point,x,y,note\n${rows(",").replace(/$/gm, ',"a, b"')}`,
    ],
    [
      "R's unnamed row numbers",
      `"frame" "point" "x" "y"\n${rows(" ")}`.replaceAll(" ", "\t").replace(/^(?=\d)/gm, '"1"\t'),
    ],
    ["semicolons and decimal commas", `frame;point;x;y\r\n${rows(";", ",")}\r\n`],
    ["tabs", `frame\tpoint\tx\ty\n${rows("\t")}`],
    ["names in place of numbers", comma.replace(/^(\d),(\d)/gm, "$1,mouse$2")],
    ["blanks between columns", `frame id x y\n${rows("  ")}`],
    ["box centres as cx and cy", `frame,id,cx,cy\n${rows(",")}`],
    ["a byte order mark", `\uFEFF${comma}`],
    ["trackpy", trackpy],
    ["TrackMate, with its unit rows and a spot of no track", trackmate],
    [
      "napari's axes",
      `index,axis-0,axis-1,axis-2,axis-3\n0,0,0,20.25,300.5\n1,1,0,200,30\n2,0,1,21,301.5\n3,1,1,201,31`,
    ],
  ])("%s", (_, content) => {
    expect(first(text(content), "t.csv")).toEqual(want);
  });

  test.each(["utf16le", "utf16be"])("%s, with and without its mark", (encoding) => {
    for (const mark of ["\uFEFF", ""]) {
      const bytes = Buffer.from(mark + comma, "utf16le");
      if (encoding === "utf16be") bytes.swap16();
      expect(first(new Uint8Array(bytes), "t.csv")).toEqual(want);
    }
  });

  test("MOT challenge: box centres, counted from 1, hidden where the truth sees nothing", () => {
    const mot =
      "1,7,11,21,10,20,1,1,1\n1,9,101,201,10,20,1,1,0\n2,7,12,21,10,20,1,1,1\n2,9,101,201,10,20,1,1,1\n";
    const { imported, inspection } = importProposed(text(mot), "gt.txt", {
      sourceSize: WORKING_SIZE,
    });
    expect(inspection.looksLike).toMatch(/MOT/);
    expect([...imported.tracks.tracksTN2.slice(0, 4)]).toEqual([14.5, 29.5, 104.5, 209.5]);
    expect([...imported.tracks.visibilityTN]).toEqual([1, 0, 1, 1]);
  });

  test("MOT with a header: boxes all the same, not its columns x and y of −1", () => {
    const mot =
      "frame,id,bb_left,bb_top,bb_width,bb_height,conf,x,y,z\n1,7,11,21,10,20,1,-1,-1,-1\n2,7,12,21,10,20,1,-1,-1,-1\n";
    const { imported } = importProposed(text(mot), "t.csv", { sourceSize: WORKING_SIZE });
    expect([...imported.tracks.tracksTN2]).toEqual([14.5, 29.5, 15.5, 29.5]);
  });

  test("seconds in place of frames give the rate", () => {
    const { inspection, imported } = importProposed(
      text("time,track,x,y\n0,0,1,2\n0.04,0,2,2\n0.08,0,3,2\n"),
      "t.csv",
      px,
    );
    expect(inspection.fps).toBe(25);
    expect(imported.tracks.frameCount).toBe(3);
  });

  test("a row that is too short still says where", () => {
    expect(() => inspectTracks(text("frame,point,x,y\n0,0,1,2\n0,1,1\n"), "t.csv")).toThrow(
      /Row 3/,
    );
  });
});

describe("positions in space", () => {
  // Two points 4 and 8 deep; the camera moves right by 1 in the second frame.
  const world = [1, 0.5, 4, -2, 1, 8, 1, 0.5, 4, -2, 1, 8];
  const pose = (shift: number) => [1, 0, 0, -shift, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const K = [400, 0, 320, 0, 400, 240, 0, 0, 1];
  const seen = [420, 290, 220, 290, 320, 290, 170, 290];

  test("SpatialTrackerV2 and TAPIP3D: projected by their cameras, the size from the principal point", () => {
    const file = writeNpz([
      f32("coords", [2, 2, 3], world),
      f32("extrinsics", [2, 4, 4], [...pose(0), ...pose(1)]),
      f32("intrinsics", [2, 3, 3], [...K, ...K]),
      { name: "visibs", shape: [2, 2, 1], dtype: "bool", values: [1, 1, 0, 1] },
    ]);
    const { inspection, imported } = importProposed(file, "result.npz", {
      sourceSize: WORKING_SIZE,
    });
    expect(inspection.looksLike).toMatch(/SpatialTrackerV2/);
    expect(inspection.proposal.sourceSize).toEqual({ width: 640, height: 480 });
    expect(inspection.possible.tracks).toEqual(["coords, projected"]);
    expect(inspection.reasons.join()).toMatch(/projected by the file/);
    expect([...imported.tracks.tracksTN2]).toEqual(seen);
    expect([...imported.tracks.visibilityTN]).toEqual([1, 1, 0, 1]);
  });

  test("SpatialTrackerV2 with 3×4 poses, one lens and a batch of one", () => {
    const rows34 = (shift: number) => pose(shift).slice(0, 12);
    const file = writeNpz([
      f32("coords", [1, 2, 2, 3], world),
      f32("extrinsics", [1, 2, 3, 4], [...rows34(0), ...rows34(1)]),
      f32("intrinsics", [3, 3], K),
      { name: "visibs", shape: [1, 2, 2, 1], dtype: "bool", values: [1, 1, 0, 1] },
    ]);
    const { imported } = importProposed(file, "r.npz", { sourceSize: WORKING_SIZE });
    expect([...imported.tracks.tracksTN2]).toEqual(seen);
    expect([...imported.tracks.visibilityTN]).toEqual([1, 1, 0, 1]);
  });

  test.each([
    [
      "coords without intrinsics",
      [f32("coords", [2, 2, 3], world), f32("extrinsics", [2, 4, 4], [...pose(0), ...pose(1)])],
    ],
    ["coords alone", [f32("coords", [2, 2, 3], world)]],
    ["tracks_XYZ alone", [f32("tracks_XYZ", [2, 2, 3], world)]],
  ])("%s are refused by name, not taken for pixels", (_, entries) => {
    expect(() => inspectTracks(writeNpz(entries), "r.npz")).toThrow(
      /positions in space without cameras/,
    );
  });

  test("TAPVid-3D saved by point, with its lens as a matrix", () => {
    const byPoint = [1, 0.5, 4, 0.9, 0.5, 4, -2, 1, 8, -2.1, 1, 8, -1, 1, 4, -0.9, 1, 4];
    const file = writeNpz([f32("tracks_XYZ", [3, 2, 3], byPoint), f32("intrinsics", [3, 3], K)]);
    const { imported } = importProposed(file, "a.npz", { sourceSize: WORKING_SIZE });
    expect(imported.tracks).toMatchObject({ frameCount: 2, pointCount: 3 });
    expect([...imported.tracks.tracksTN2.slice(0, 6)]).toEqual([420, 290, 220, 290, 220, 340]);
  });

  test("TAPVid-3D: the camera's own space, behind it hidden", () => {
    const camera = [1, 0.5, 4, -2, 1, 8, 0, 0.5, 4, -2, 1, -8];
    const file = writeNpz([
      f32("tracks_XYZ", [2, 2, 3], camera),
      f32("fx_fy_cx_cy", [4], [400, 400, 320, 240]),
      { name: "visibility", shape: [2, 2], dtype: "bool", values: [1, 1, 1, 1] },
      f32("queries_xyt", [2, 3], [420, 290, 0, 220, 290, 0]),
    ]);
    const { inspection, imported } = importProposed(file, "a.npz", { sourceSize: WORKING_SIZE });
    expect(inspection.looksLike).toMatch(/TAPVid-3D/);
    expect([...imported.tracks.tracksTN2.slice(0, 6)]).toEqual(seen.slice(0, 6));
    expect([...imported.tracks.visibilityTN]).toEqual([1, 1, 1, 0]);
  });
});

describe("visibility that has to be made", () => {
  const tracks = f32("tracks", [2, 2, 2], [300, 20, 30, 200, 301, 21, 31, 201]);

  test("AllTracker: the confidence of its two channels", () => {
    const visconf = f32("visconfs_e", [2, 2, 2], [0.9, 0.9, 0.9, 0.01, 0.1, 0.8, 0.9, 0.7]);
    const { inspection, imported } = importProposed(writeNpz([tracks, visconf]), "a.npz", px);
    expect(inspection.proposal.visibility?.array).toMatch(/confidence/);
    expect([...imported.tracks.visibilityTN]).toEqual([1, 0, 1, 1]);
  });

  test("AllTracker: dense maps", () => {
    const field = f32("traj_maps_e", [1, 1, 2, 1, 3], [9, 99, 300, 5, 50, 200]);
    const maps = f32("visconf_maps_e", [1, 1, 2, 1, 3], [1, 1, 1, 0.9, 0.02, 0.9]);
    const { imported } = importProposed(writeNpz([field, maps]), "a.npz", px);
    expect([...imported.tracks.visibilityTN]).toEqual([1, 0, 1]);
  });

  test("TAPIR: logits of occlusion and of expected distance together", () => {
    const occlusion = f32("occlusion", [2, 2], [-5, -5, 5, -5]);
    const distance = f32("expected_dist", [2, 2], [-5, 5, -5, -0.1]);
    const file = writeNpz([tracks, occlusion, distance]);
    const { imported } = importProposed(file, "tapir.npz", { ...px, axes: "TNC" });
    expect([...imported.tracks.visibilityTN]).toEqual([1, 0, 0, 1]);
  });

  test("Wan2GP: −1, −1 is hidden; a tracker's −1 beside other negatives is a place", () => {
    const unit = [0.4, 0.2, 0.1, 0.5, 0.41, 0.2, -1, -1];
    const { imported } = importProposed(writeNpy([2, 2, 2], "float32", unit), "w.npy");
    expect([...imported.tracks.visibilityTN]).toEqual([1, 1, 1, 0]);
    const outside = [400, 20, 3, 200, 401, -3, -1, -1];
    const places = importProposed(writeNpy([2, 2, 2], "float32", outside), "t.npy", px);
    expect([...places.imported.tracks.visibilityTN]).toEqual([1, 1, 1, 1]);
  });
});

describe("where positions count", () => {
  const clip = { displaySize: { width: 320, height: 240 }, fit: "cover" as const };

  test("height and width beside the tracks are proposed and told", () => {
    const file = writeNpz([
      f32("tracks", [2, 1, 2], [600, 400, 601, 401]),
      { name: "height", shape: [], dtype: "int64", values: [480] },
      { name: "width", shape: [], dtype: "int64", values: [640] },
    ]);
    const { proposal, reasons } = inspectTracks(file, "s.npz", clip);
    expect(proposal.sourceSize).toEqual({ width: 640, height: 480 });
    expect(reasons.join()).toMatch(/640×480: the file says so/);
  });

  test("a 256×256 raster shows by filling the square and leaving the picture", () => {
    const file = writeNpy([2, 2, 2], "float32", [3, 4, 250, 251, 4, 5, 251, 252]);
    expect(inspectTracks(file, "r.npy", clip).proposal.units).toBe("256");
    const inside = writeNpy([2, 2, 2], "float32", [3, 4, 250, 231, 4, 5, 251, 232]);
    expect(inspectTracks(inside, "r.npy", clip).proposal.units).toBe("px");
  });

  test("a first frame on half pixels counts from the picture's edge", () => {
    const at = Array.from({ length: 8 }, (_, n) => [16.5 + 32 * n, 48.5]).flat();
    const file = writeNpy([1, 2, 8, 2], "float32", [...at, ...at.map((v) => v + 0.3)]);
    expect(inspectTracks(file, "tracks.npy").proposal.origin).toBe("pixel-edge");
  });

  test("0–1 between pixel centres reaches from the first to the last centre", () => {
    const file = writeNpy([1, 2, 2], "float32", [0, 0, 1, 1]);
    const choice = { axes: "TNC", units: "0-1", sourceSize: WORKING_SIZE } as const;
    const { imported } = importProposed(file, "u.npy", { ...choice, origin: "pixel-centre" });
    expect([...imported.tracks.tracksTN2]).toEqual([0, 0, 831, 479]);
  });
});

test("a napari layer saved as rows", () => {
  const rows = [0, 0, 20, 300, 1, 0, 200, 30, 0, 1, 21, 301, 1, 1, 201, 31];
  expect(first(writeNpy([4, 4], "float64", rows), "layer.npy")).toEqual([300, 20, 30, 200]);
});

test("a pickle is refused with the line that converts it, its name made safe", () => {
  const pickle = Uint8Array.of(0x80, 4, 0x95, 1, 2, 3);
  try {
    inspectTracks(pickle, "tapvid'davis.pkl");
    expect.unreachable();
  } catch (error) {
    const { remedy } = error as { remedy: string };
    expect(remedy).toContain("open('tapvid_davis.pkl', 'rb')");
    expect(remedy).toContain("np.savez");
    expect(remedy).toContain("occluded=v['occluded']");
  }
});

import { describe, expect, test } from "vitest";
import { writeNpy } from "../../containers/npy.ts";
import { type NpzEntry, writeNpz } from "../../containers/npz.ts";
import { fixtureDocument } from "../../fixture.ts";
import { inspectArrays } from "../common/inspect.ts";
import { loadFiles } from "../common/load.ts";
import { importTracks, inspectTracks, readTracks } from "../common/read.ts";
import { importProposed, sameFlags, worstError } from "../testing.ts";

const document = fixtureDocument();

test("tracks.npy beside visibility.npy, brought together", () => {
  const { history } = document.forecast;
  const { frameCount: T, pointCount: N } = history;
  const files = [
    { name: "pred_tracks.npy", bytes: writeNpy([1, T, N, 2], "float32", history.tracksTN2) },
    { name: "pred_visibility.npy", bytes: writeNpy([1, T, N], "bool", history.visibilityTN) },
  ];
  const loaded = loadFiles(files);
  const { proposal } = inspectArrays(loaded);
  expect(proposal).toMatchObject({ tracks: "pred_tracks", axes: "BTNC" });
  expect(proposal.visibility).toMatchObject({ array: "pred_visibility", meaning: "visible" });
  const { tracks } = readTracks(loaded, proposal);
  expect(worstError(tracks, history)).toBe(0);
  expect(sameFlags(tracks, history)).toBe(true);
  expect(() => loadFiles([files[0], files[0]])).toThrow(/Two files/);
  expect(() => loadFiles([files[0], { name: "a.csv", bytes: Uint8Array.of(1) }])).toThrow(/a\.csv/);
});

describe("what other trackers write", () => {
  const { history } = document.forecast;
  const { frameCount: T, pointCount: N, tracksTN2, visibilityTN } = history;
  const transposed = (values: ArrayLike<number>, width: number) => {
    const out = new Float32Array(values.length);
    for (let t = 0; t < T; t++)
      for (let n = 0; n < N; n++)
        for (let c = 0; c < width; c++)
          out[(n * T + t) * width + c] = values[(t * N + n) * width + c];
    return out;
  };
  const f32 = (name: string, shape: number[], values: ArrayLike<number>): NpzEntry => ({
    name,
    shape,
    dtype: "float32",
    values,
  });
  const queries = (map: (x: number, y: number) => number[]) =>
    Array.from({ length: N }, (_, n) => map(tracksTN2[2 * n], tracksTN2[2 * n + 1])).flat();

  test("CoTracker: [B,T,N,2] and [B,T,N], queries (t, x, y)", () => {
    const file = writeNpz([
      f32("tracks", [1, T, N, 2], tracksTN2),
      { name: "visibility", shape: [1, T, N], dtype: "bool", values: visibilityTN },
      f32(
        "queries",
        [1, N, 3],
        queries((x, y) => [0, x, y]),
      ),
    ]);
    const { imported, inspection } = importProposed(file, "cotracker.npz");
    expect(inspection.looksLike).toBe("CoTracker");
    expect(inspection.proposal).toMatchObject({
      axes: "BTNC",
      units: "px",
      origin: "pixel-centre",
      visibility: { array: "visibility", meaning: "visible" },
      queries: { order: "txy" },
    });
    expect(worstError(imported.tracks, history)).toBe(0);
    expect(sameFlags(imported.tracks, history)).toBe(true);
    expect([...(imported.queriesN3?.slice(3, 6) ?? [])]).toEqual([0, tracksTN2[2], tracksTN2[3]]);
  });

  test("TAP-Vid: [N,T,2] from 0 to 1, occluded inverted, queries (t, y, x)", () => {
    const unit = transposed(tracksTN2, 2).map((v, i) => (v + 0.5) / (i % 2 ? 480 : 832));
    const file = writeNpz([
      f32("points", [N, T, 2], unit),
      {
        name: "occluded",
        shape: [N, T],
        dtype: "bool",
        values: transposed(visibilityTN, 1).map((v) => 1 - v),
      },
      f32(
        "query_points",
        [N, 3],
        queries((x, y) => [0, (y + 0.5) / 480, (x + 0.5) / 832]),
      ),
    ]);
    const { imported, inspection } = importProposed(file, "tapvid.npz");
    expect(inspection.looksLike).toBe("TAP-Vid / TAPIR");
    expect(inspection.proposal).toMatchObject({
      axes: "NTC",
      units: "0-1",
      origin: "pixel-edge",
      visibility: { meaning: "occluded" },
      queries: { order: "tyx" },
    });
    expect(worstError(imported.tracks, history)).toBeLessThan(2e-4);
    expect(sameFlags(imported.tracks, history)).toBe(true);
    expect(imported.queriesN3?.[4]).toBeCloseTo(tracksTN2[2], 3);
  });

  test("TAP-Vid at 256×256: proposed for occluded tracks, the shape restored", () => {
    const square = transposed(tracksTN2, 2).map((v, i) => ((v + 0.5) * 256) / (i % 2 ? 480 : 832));
    const file = writeNpz([
      f32("tracks", [N, T, 2], square),
      { name: "occluded", shape: [N, T], dtype: "bool", values: new Uint8Array(N * T) },
    ]);
    const { imported, inspection } = importProposed(file, "tapir.npz");
    expect(inspection.proposal).toMatchObject({ axes: "NTC", units: "256" });
    expect(worstError(imported.tracks, history)).toBeLessThan(2e-4);
  });

  test("SpatialTracker: [T,N,3], depth left aside, everything visible", () => {
    const deep = new Float32Array(T * N * 3);
    for (let i = 0; i < T * N; i++) deep.set([tracksTN2[2 * i], tracksTN2[2 * i + 1], 9], 3 * i);
    const { imported, inspection } = importProposed(writeNpy([T, N, 3], "float32", deep), "a.npy");
    expect(inspection.looksLike).toMatch(/SpatialTracker/);
    expect(inspection.proposal).toMatchObject({ axes: "TNC", visibility: null });
    expect(worstError(imported.tracks, history)).toBe(0);
    expect(imported.tracks.visibilityTN.every((v) => v === 1)).toBe(true);
  });

  test("AllTracker: [B,T,2,H,W], thinned out where it is dense", () => {
    const [H, W] = [150, 260];
    const field = new Float32Array(3 * 2 * H * W);
    for (let t = 0; t < 3; t++)
      for (let y = 0; y < H; y++)
        for (let x = 0; x < W; x++) {
          field[((2 * t + 0) * H + y) * W + x] = x + 2 * t;
          field[((2 * t + 1) * H + y) * W + x] = y - t;
        }
    const file = writeNpz([
      f32("trajs", [1, 3, 2, H, W], field),
      {
        name: "visibs",
        shape: [1, 3, H, W],
        dtype: "bool",
        values: new Uint8Array(3 * H * W).fill(1),
      },
    ]);
    const { imported, inspection } = importProposed(file, "alltracker.npz", {
      sourceSize: { width: 832, height: 480 },
    });
    expect(inspection.looksLike).toBe("AllTracker (dense)");
    expect(inspection.proposal.axes).toBe("BTCHW");
    expect(imported.notices.join()).toMatch(/every second/);
    const { pointCount } = imported.tracks;
    expect(pointCount).toBe(75 * 130);
    // Point 131 is pixel (2, 2): column 1 of row 1 at every second pixel.
    const at = 2 * (2 * pointCount + 131);
    expect([...imported.tracks.tracksTN2.slice(at, at + 2)]).toEqual([6, 0]);
  });

  test("y before x, seen from what lies inside the picture", () => {
    const swapped = new Float32Array(tracksTN2.length);
    for (let i = 0; i < T * N; i++) swapped.set([tracksTN2[2 * i + 1], tracksTN2[2 * i]], 2 * i);
    const { imported, inspection } = importProposed(
      writeNpy([T, N, 2], "float32", swapped),
      "yx.npy",
    );
    expect(inspection.proposal).toMatchObject({ axes: "TNC", order: "yx" });
    expect(worstError(imported.tracks, history)).toBe(0);
  });

  test("logits of visibility count from 0", () => {
    const file = writeNpz([
      f32("tracks", [T, N, 2], tracksTN2),
      f32(
        "vis",
        [T, N],
        Float32Array.from(visibilityTN, (v) => (v ? 3 : -3)),
      ),
    ]);
    const { imported } = importProposed(file, "logits.npz");
    expect(sameFlags(imported.tracks, history)).toBe(true);
  });

  test("a picture of another size and shape is fitted as the clip was", () => {
    const file = writeNpy([2, 1, 2], "float64", [639.5, 359.5, 0, 0]);
    const clip = { displaySize: { width: 1280, height: 720 }, fit: "cover" as const };
    const { proposal } = inspectTracks(file, "hd.npy", clip);
    const choices = {
      ...proposal,
      axes: "TNC" as const,
      units: "px" as const,
      order: "xy" as const,
    };
    const { tracks } = importTracks(file, "hd.npy", choices);
    const scale = 480 / 720; // larger than 832 / 1280, so it covers
    expect(tracks.tracksTN2[0]).toBeCloseTo(415.5, 4);
    expect(tracks.tracksTN2[1]).toBeCloseTo(239.5, 4);
    expect(tracks.tracksTN2[2]).toBeCloseTo((832 - 1280 * scale) / 2 + scale / 2 - 0.5, 4);
    const boxed = importTracks(file, "hd.npy", { ...choices, fit: "letterbox" });
    expect(boxed.tracks.tracksTN2[3]).toBeGreaterThan(tracks.tracksTN2[3]);
  });
});

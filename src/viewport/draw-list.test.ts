import { describe, expect, it } from "vitest";
import { gridQueryXyN2, POINT_COUNT } from "../domain/grid.ts";
import { createTracks, type Tracks } from "../domain/tracks.ts";
import { CHUNK_SEGMENTS, COARSE_PX, cutChunks, FINE_PX } from "./chunks.ts";
import { buildDrawList, ENTRY_WORDS, identityOf, placeWord, readEntry } from "./draw-list.ts";
import { drawnPoints } from "./drawn-points.ts";
import { ownMotionPx } from "./emphasis.ts";
import { DEFAULT_OPTIONS, type ViewportData, type ViewportOptions } from "./options.ts";
import { packTracks } from "./track-texture.ts";

const QUERY = gridQueryXyN2();

/** Every point moves by `step(n)` px to the right a frame. */
function moving(frames: number, step: (n: number) => number, from: number): Tracks {
  const tracks = createTracks(frames, POINT_COUNT);
  for (let t = 0; t < frames; t++) {
    for (let n = 0; n < POINT_COUNT; n++) {
      const o = 2 * (t * POINT_COUNT + n);
      tracks.tracksTN2[o] = QUERY[2 * n] + step(n) * (from + t);
      tracks.tracksTN2[o + 1] = QUERY[2 * n + 1];
    }
  }
  tracks.visibilityTN.fill(1);
  return tracks;
}

const DATA: ViewportData = {
  history: moving(5, () => 1, -4),
  futures: [moving(10, () => 1, 1), null, moving(10, () => 2, 1)],
  truth: moving(7, () => 1, 1),
  queryXyN2: QUERY,
  fps: 16,
  nowFrame: 4,
};
const TEXTURE = packTracks(DATA);
const NO_HISTORY = { history: "off" };

function identities(part: Partial<ViewportOptions>) {
  const list = buildDrawList(DATA, TEXTURE, { ...DEFAULT_OPTIONS, ...part });
  const count = list.tracks.length / ENTRY_WORDS;
  const all = Array.from({ length: count }, (_, i) => readEntry(list.tracks, i));
  return { list, all };
}

describe("futures on finer cells", () => {
  const start = gridQueryXyN2("cell-centre", { rows: 30, columns: 52, width: 832, height: 480 });
  const fine = createTracks(10, 1560);
  // All rest but the last row, which goes down.
  for (let t = 0; t < 10; t++) {
    fine.tracksTN2.set(
      start.map((v, i) => v + (i % 2 === 1 && i >= 2 * 1508 ? 9 * t : 0)),
      2 * 1560 * t,
    );
  }
  const data = { ...DATA, finer: { startM2: start, tracks: [fine, null, null] } };

  it("start at points of their own: those that move are drawn, and none is selected", () => {
    const texture = packTracks(data);
    const block = texture.blocks.find(({ tracks }) => tracks === fine);
    if (!block) throw new Error("no block");
    const o = 4 * (block.base + 1559 * block.frameCount);
    expect([...texture.texels.subarray(o, o + 2)]).toEqual([start[3118], start[3119]]);
    const layers = { ...NO_HISTORY, finer: "2", futures: "off", truth: "off" };
    const options = { ...DEFAULT_OPTIONS, layers, stride: 2, selectedPoints: [3] };
    const list = buildDrawList(data, texture, options);
    const count = list.tracks.length / ENTRY_WORDS;
    const all = Array.from({ length: count }, (_, i) => readEntry(list.tracks, i));
    expect(all.map(({ point }) => point)).toEqual(Array.from({ length: 52 }, (_, i) => 1508 + i));
    expect(all.some(({ selected }) => selected)).toBe(false);
  });
});

describe("many futures on one picture", () => {
  // The points of the first two rows move by themselves.
  const own = (n: number) => (n < 52 ? 6 : 1);
  const futures = Array.from({ length: 6 }, () => moving(10, own, 1));
  const data = { ...DATA, futures };
  const texture = packTracks(data);
  const drawn = (part: Partial<ViewportOptions>) => {
    const layers = { ...NO_HISTORY, truth: "off" };
    const list = buildDrawList(data, texture, { ...DEFAULT_OPTIONS, layers, ...part });
    const entries = Array.from({ length: list.tracks.length / ENTRY_WORDS }, (_, i) =>
      readEntry(list.tracks, i),
    );
    return (slot: number) => entries.filter((e) => e.slot === slot).map(({ point }) => point);
  };

  it("show what hardly moves of the first four alone, and what is selected or kept of all", () => {
    const all = drawn({ selectedPoints: [200], keptPoints: [300] });
    for (const slot of [0, 3]) expect(all(slot)).toHaveLength(POINT_COUNT);
    const movers = Array.from({ length: 52 }, (_, n) => n);
    for (const slot of [4, 5]) expect(all(slot)).toEqual([...movers, 300, 200]);
  });

  it("show all of each that has a picture of its own, and where nothing steps back", () => {
    for (const part of [{ sideBySide: true }, { solo: 5 }, { fadeStill: false }]) {
      expect(drawn(part)(5)).toHaveLength(POINT_COUNT);
    }
  });
});

describe("position texture", () => {
  it("joins every future to its query point and counts the way along it", () => {
    const future = TEXTURE.blocks[2];
    expect(future).toMatchObject({ layer: 1, slot: 2, firstFrame: 0, frameCount: 11 });
    const o = 4 * (future.base + 100 * future.frameCount);
    expect([...TEXTURE.texels.subarray(o, o + 4)]).toEqual([QUERY[200], QUERY[201], 1, 0]);
    const last = o + 40;
    expect([...TEXTURE.texels.subarray(last, last + 4)]).toEqual([
      QUERY[200] + 20,
      QUERY[201],
      1,
      20,
    ]);
  });

  it("keeps its size while a slot waits for its future", () => {
    const filled = packTracks({ ...DATA, futures: [...DATA.futures].fill(DATA.futures[0], 1, 2) });
    expect(filled.texels.length).toBe(TEXTURE.texels.length);
  });

  it("ends the history at now", () => {
    expect(TEXTURE.blocks[0]).toMatchObject({ layer: 0, firstFrame: -4, frameCount: 5 });
  });
});

describe("draw list", () => {
  it("draws history and sampled futures, and the truth only when asked", () => {
    const { all } = identities({});
    expect(all.length).toBe(3 * POINT_COUNT);
    expect(all[0]).toMatchObject({ layer: 0, firstFrame: -4, frameCount: 5 });
    expect(all.at(-1)).toMatchObject({ layer: 1, slot: 0, firstFrame: 0, point: 389 });
    expect(identities({ layers: { truth: "on" } }).all.some((entry) => entry.layer === 2)).toBe(
      true,
    );
    expect(identities({ layers: { history: "off", futures: "off" } }).all).toEqual([]);
  });

  it("has room for tens of thousands of layers and a thousand slots", () => {
    const words = Uint32Array.of(7, 161, placeWord(-80, 40_000), identityOf(1000, 8000, true));
    expect(readEntry(words, 0)).toEqual({
      ...{ base: 7, frameCount: 161, firstFrame: -80, layer: 40_000 },
      ...{ selected: true, slot: 1000, point: 8000 },
    });
  });

  it("obeys solo before the filter", () => {
    const slots = (part: Partial<ViewportOptions>) => [
      ...new Set(identities({ layers: NO_HISTORY, ...part }).all.map((entry) => entry.slot)),
    ];
    expect(slots({ visibleSlots: [0] })).toEqual([0]);
    expect(slots({ visibleSlots: [0], solo: 2 })).toEqual([2]);
    expect(slots({ visibleSlots: [] })).toEqual([]);
  });

  it("thins points evenly over the grid but keeps the selected ones, on top", () => {
    const { all } = identities({ stride: 3, selectedPoints: [0], solo: 0, layers: NO_HISTORY });
    expect(all.length).toBe(drawnPoints(POINT_COUNT, 3).length + 1);
    expect(all.at(-1)).toMatchObject({ point: 0, selected: true });
    expect(drawnPoints(POINT_COUNT, 2).length).toBe(7 * 13);
  });

  it("draws the points that are kept once, however thin the others are", () => {
    const { all } = identities({ stride: 3, keptPoints: [0, 27, 0, 5000], layers: NO_HISTORY });
    const thin = drawnPoints(POINT_COUNT, 3);
    expect(thin).toContain(27);
    expect(all.length).toBe(2 * (thin.length + 1));
    expect(all.some(({ point, selected }) => point === 0 && !selected)).toBe(true);
  });

  it("gives each future a tile with the history and what really happened", () => {
    const { list, all } = identities({ sideBySide: true, layers: { truth: "on" } });
    expect(list.tiles.map((tile) => tile.slot)).toEqual([0, 2]);
    const { first, count } = list.tiles[1].tracks;
    const drawn = all.slice(first, first + count);
    expect(new Set(drawn.map((entry) => entry.layer))).toEqual(new Set([0, 1, 2]));
    expect(drawn.filter((entry) => entry.layer === 1).every((entry) => entry.slot === 2)).toBe(
      true,
    );
  });
});

describe("chunks", () => {
  /** One point that goes straight, then turns, hidden in frames 30 to 33. */
  function bent(): ViewportData {
    const tracks = createTracks(81, 1);
    for (let t = 0; t < 81; t++) {
      tracks.tracksTN2[2 * t] = 3 * t;
      tracks.tracksTN2[2 * t + 1] = t < 64 ? 0 : (t - 64) ** 2;
      tracks.visibilityTN[t] = t >= 30 && t < 34 ? 0 : 1;
    }
    const empty = createTracks(1, 1);
    return { ...DATA, history: tracks, futures: [], truth: empty, queryXyN2: new Float32Array(2) };
  }

  it.each([FINE_PX, COARSE_PX])("cover a track without gaps and within %d px of it", (most) => {
    const texture = packTracks(bent());
    const block = texture.blocks[0];
    const { starts, stepBits } = cutChunks(texture.texels, block, 1, most);
    let reached = 0;
    starts.forEach((start, c) => {
      expect(start).toBe(reached);
      const step = 1 << stepBits[c];
      for (let s = 0; s < CHUNK_SEGMENTS && start + s * step < 80; s++) {
        const a = start + s * step;
        const b = Math.min(80, a + step);
        for (let t = a; t <= b; t++) {
          const along = (t - a) / (b - a);
          const y = (frame: number) => texture.texels[4 * frame + 1];
          expect(Math.abs(y(t) - (y(a) + along * (y(b) - y(a))))).toBeLessThan(1.001 * most);
          expect(t === b || texture.texels[4 * t + 2]).toBe(t === b || texture.texels[4 * a + 2]);
        }
      }
      reached = start + CHUNK_SEGMENTS * step;
    });
    expect(reached).toBeGreaterThanOrEqual(80);
  });

  it("are as fine as ever of the first futures, and of one alone; coarser of those beyond", () => {
    // Point 1 swings by itself: steps of four frames leave it by 0.4 px.
    const swing = moving(81, () => 0, 1);
    for (let t = 0; t < 81; t++) {
      swing.tracksTN2[2 * (t * POINT_COUNT + 1) + 1] += 10 * Math.sin(t / 7);
    }
    // Chunks are kept with the tracks, so that each future has its own.
    const futures = Array.from({ length: 6 }, () => ({ ...swing }));
    const data = { ...DATA, futures };
    const texture = packTracks(data);
    const chunksOf = (slot: number, more: Partial<ViewportOptions>) => {
      const { chunks } = buildDrawList(data, texture, { ...DEFAULT_OPTIONS, ...more });
      const all = Array.from({ length: chunks.length / 4 }, (_, e) => readEntry(chunks, e));
      return all.filter((each) => each.layer === 1 && each.slot === slot && each.point === 1)
        .length;
    };
    const [first, last] = [chunksOf(0, {}), chunksOf(5, {})];
    expect(last).toBeGreaterThan(0);
    expect(last).toBeLessThan(first);
    expect(chunksOf(5, { solo: 5 })).toBe(first);
  });

  it("need one chunk for a point that rests", () => {
    const resting = packTracks({ ...DATA, futures: [moving(81, () => 0, 1)] });
    const { firsts } = cutChunks(resting.texels, resting.blocks[1], POINT_COUNT, FINE_PX);
    expect(firsts[POINT_COUNT]).toBe(POINT_COUNT);
  });
});

describe("own motion", () => {
  it("sees a point that moves against a pan, not the pan", () => {
    const own = ownMotionPx(moving(21, (n) => (n === 7 ? 5 : 2), 0));
    expect(own[7]).toBeCloseTo(60, 3);
    expect(own[8]).toBe(0);
  });
});

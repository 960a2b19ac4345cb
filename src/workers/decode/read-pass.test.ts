import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KeptLuma } from "./kept-luma.ts";
import { type ReadEvent, type ReadRequest, WANTED } from "./protocol.ts";
import { ReadPass } from "./read-pass.ts";

const SIZE = { width: 2, height: 1 };

function requestOf(start: number, end: number, pictures: readonly number[] = []): ReadRequest {
  const wanted = Uint8Array.from({ length: end - start }, (_, k) =>
    pictures.includes(start + k) ? 1 : 0,
  );
  return { start, end, size: SIZE, wanted, wantsLuma: true };
}

/** Decodes what the pass needs, each native frame shown by `shown` working frames; gives what it told. */
function run(kept: KeptLuma, request: ReadRequest, shown = 1) {
  const events: Extract<ReadEvent, { kind: "frame" }>[] = [];
  const decoded: number[] = [];
  let makes = 0;
  const pass = new ReadPass(request, kept, (event) => events.push(event));
  // What has to be decoded is known before the decoder begins.
  const needed: number[][] = [];
  for (let i = request.start; i < request.end; i += shown) {
    const indices = Array.from({ length: shown }, (_, k) => i + k);
    if (indices.some((index) => pass.needs(index))) needed.push(indices);
  }
  for (const indices of needed) {
    const [i] = indices;
    decoded.push(i);
    pass.take(indices, (wants) => {
      makes++;
      return {
        ...(wants.picture && { rgba: new Uint8ClampedArray(8).fill(i) }),
        ...(wants.luma && { gray: new Uint8Array(2).fill(i) }),
      };
    });
  }
  pass.finish();
  return { events, decoded, makes };
}

const firstBytes = (events: ReturnType<typeof run>["events"]) =>
  events.map(({ gray }) => gray?.[0] ?? null);

describe("reading frames again", () => {
  it("decodes only those whose luma is not kept, and tells of all in order", () => {
    const kept = new KeptLuma();
    expect(run(kept, requestOf(10, 14)).decoded).toEqual([10, 11, 12, 13]);
    const { events, decoded } = run(kept, requestOf(8, 16));
    expect(decoded).toEqual([8, 9, 14, 15]);
    expect(events.map(({ index }) => index)).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
    expect(firstBytes(events)).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
  });

  it("hands over copies: what went before is still whole", () => {
    const kept = new KeptLuma();
    const [first] = run(kept, requestOf(3, 4)).events;
    first.gray?.fill(99);
    const [second] = run(kept, requestOf(3, 4)).events;
    expect(second.gray?.[0]).toBe(3);
    second.gray?.fill(99);
    expect(run(kept, requestOf(3, 4)).events[0].gray?.[0]).toBe(3);
  });

  it("decodes a frame whose picture is wanted, with its luma", () => {
    const kept = new KeptLuma();
    run(kept, requestOf(0, 4));
    const { events, decoded } = run(kept, requestOf(0, 4, [2]));
    expect(decoded).toEqual([2]);
    expect(events.map(({ rgba }) => rgba?.[0] ?? null)).toEqual([null, null, 2, null]);
    expect(firstBytes(events)).toEqual([0, 1, 2, 3]);
  });

  it("makes what frames of one picture are told once, and keeps it apart", () => {
    const { events, makes } = run(new KeptLuma(), requestOf(0, 4, [1, 2, 3]), 2);
    expect(makes).toBe(2);
    expect(events.map(({ rgba }) => rgba?.[0] ?? null)).toEqual([null, 0, 2, 2]);
    expect(new Set(events.slice(1).map(({ rgba }) => rgba?.buffer)).size).toBe(3);
    expect(firstBytes(events)).toEqual([0, 0, 2, 2]);
    expect(new Set(events.map(({ gray }) => gray?.buffer)).size).toBe(4);
  });

  it("forgets the oldest, and everything at another size", () => {
    const kept = new KeptLuma(3);
    run(kept, requestOf(0, 5));
    expect([...kept.startFor(SIZE, 0, 5).keys()]).toEqual([2, 3, 4]);
    const other = { ...requestOf(2, 5), size: { width: 4, height: 2 } };
    expect(run(kept, other).decoded).toEqual([2, 3, 4]);
  });

  it("tells luma that was kept though what it decodes takes its place", () => {
    const kept = new KeptLuma(4);
    run(kept, requestOf(10, 14));
    const { events, decoded } = run(kept, requestOf(7, 13));
    expect(decoded).toEqual([7, 8, 9]);
    expect(firstBytes(events)).toEqual([7, 8, 9, 10, 11, 12]);
  });

  it("pictures at another size leave luma alone, and two readings at once do not mix their sizes", () => {
    const kept = new KeptLuma();
    run(kept, requestOf(0, 4));
    const large = { width: 4, height: 2 };
    run(kept, { ...requestOf(0, 2, [0, 1]), size: large, wantsLuma: false });
    expect(run(kept, requestOf(0, 4)).decoded).toEqual([]);
    const slow = new ReadPass(requestOf(10, 12), kept, () => undefined);
    const other = { ...requestOf(10, 12), size: large };
    new ReadPass(other, kept, () => undefined);
    slow.take([10], () => ({ gray: new Uint8Array(2) }));
    expect(run(kept, other).decoded).toEqual([10, 11]);
  });

  it("pictures come in the form that was asked for, each frame its own", () => {
    const wanted = Uint8Array.of(WANTED.planar, WANTED.rgba, WANTED.rgba + WANTED.planar, 0);
    const request = { start: 0, end: 4, size: SIZE, wanted, wantsLuma: false };
    const told: ReadEvent[] = [];
    const asked: unknown[] = [];
    const pass = new ReadPass(request, new KeptLuma(), (event) => told.push(event));
    const planar = { size: SIZE, luma: new Uint8Array(2), chroma: new Uint8Array(2) };
    pass.take([0, 1, 2, 3], (wants) => {
      asked.push(wants);
      return { rgba: new Uint8ClampedArray(8), planar };
    });
    expect(asked).toEqual([{ picture: true, planar: true, luma: false }]);
    expect(told).toEqual([
      { kind: "frame", index: 0, planar },
      { kind: "frame", index: 1, rgba: new Uint8ClampedArray(8) },
      { kind: "frame", index: 2, rgba: new Uint8ClampedArray(8), planar },
      { kind: "frame", index: 3 },
    ]);
    expect(new Set(told.map((event) => event.kind === "frame" && event.planar?.luma)).size).toBe(3);
  });

  it("where threads share memory, all see what is kept: nothing is copied or handed away", () => {
    const kept = new KeptLuma(8, true);
    const first = run(kept, requestOf(0, 4), 2).events;
    expect(firstBytes(first)).toEqual([0, 0, 2, 2]);
    const again = run(kept, requestOf(0, 4)).events;
    for (const [i, { gray }] of first.entries()) {
      expect(gray?.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(again[i].gray).toBe(gray);
    }
  });
});

describe("pictures to look at beside luma", () => {
  // Browsers give memory of no more use back at once (`free`); Node 20 cannot yet, and would hide a use after it.
  const prototype = ArrayBuffer.prototype as { transfer?: unknown };
  const platform = prototype.transfer;
  beforeAll(() => {
    prototype.transfer = function (this: ArrayBuffer) {
      return structuredClone(this, { transfer: [this] });
    };
  });
  afterAll(() => {
    prototype.transfer = platform;
  });

  /** Each told with luma where that is wanted too: one array for both, as the kernel makes it. */
  function look(kept: KeptLuma, wantsLuma: boolean, shown = 1) {
    const events: Extract<ReadEvent, { kind: "frame" }>[] = [];
    const request = { ...requestOf(0, 2), wanted: Uint8Array.of(2, 2), wantsLuma };
    const pass = new ReadPass(request, kept, (event) => events.push(event));
    for (let i = 0; i < 2; i += shown) {
      pass.take(
        Array.from({ length: shown }, (_, k) => i + k),
        (wants) => {
          const luma = Uint8Array.of(i, 7);
          const planar = { size: SIZE, luma, chroma: Uint8Array.of(1, 2) };
          return { ...(wants.planar && { planar }), ...(wants.luma && { gray: luma }) };
        },
      );
    }
    return events;
  }

  it.each([1, 2])("hold the luma that is kept where memory is shared (%i a picture)", (shown) => {
    const kept = new KeptLuma(192, true);
    const both = look(kept, true, shown);
    const again = look(kept, false, shown);
    const decodedAgain = look(kept, true, shown);
    for (const [i, { planar, gray }] of both.entries()) {
      expect(decodedAgain[i].gray?.buffer).toBe(gray?.buffer);
      expect(planar?.luma.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(planar?.luma.buffer).toBe(gray?.buffer);
      expect(again[i].planar?.luma.buffer).toBe(gray?.buffer);
      expect([...(planar?.luma ?? [])]).toEqual([shown === 2 ? 0 : i, 7]);
    }
  });

  it.each([1, 2])(
    "are whole where memory is shared and no luma was asked for (%i a picture)",
    (shown) => {
      const kept = new KeptLuma(192, true);
      kept.startFor(SIZE, 0, 0); // as a reading of other frames has left it
      const looks = look(kept, false, shown);
      const luma = look(kept, true, shown);
      for (const [i, { planar, gray }] of looks.entries()) {
        expect(gray).toBeUndefined();
        expect([...(planar?.luma ?? [])]).toEqual([shown === 2 ? 0 : i, 7]);
        expect(luma[i].gray?.buffer).toBe(planar?.luma.buffer);
      }
    },
  );

  it("serve the tracker where memory is shared, though none has read before: nothing is decoded again", () => {
    const kept = new KeptLuma(192, true);
    const looks = look(kept, false);
    const { decoded, events } = run(kept, requestOf(0, 4));
    expect(decoded).toEqual([2, 3]);
    for (const [i, { planar }] of looks.entries())
      expect(events[i].gray?.buffer).toBe(planar?.luma.buffer);
  });

  it("hold their own where it is not: what the tracker takes over stays on the stage", () => {
    for (const { planar, gray } of look(new KeptLuma(192, false), true)) {
      expect(planar?.luma).toEqual(gray);
      expect(planar?.luma.buffer).not.toBe(gray?.buffer);
    }
  });
});

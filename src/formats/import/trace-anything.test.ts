import { describe, expect, test } from "vitest";
import { FormatError } from "../../domain/errors.ts";
import { eyeOf } from "../../domain/pinhole.ts";
import { MOVING, STATIC } from "../../domain/space-field.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { fieldFromFile } from "../../engine/space/from-file.ts";
import { readNpy } from "../containers/npy.ts";
import { readZip, writeZip } from "../containers/zip.ts";
import type { ImportedTracks } from "./common/types.ts";
import { importProposed } from "./testing.ts";
import { makeFieldNpz } from "./trace-anything-testing.ts";

const FRAMES = 9;
// The working frame at a quarter: 208×120 places, every fourth pixel.
const bytes = makeFieldNpz({ frames: FRAMES, rows: 60, columns: 104, focalPx: 700, stride: 8 });
const { imported, inspection } = importProposed(bytes, "field.npz");

describe("a field of Trace Anything", () => {
  test("gives tracks to forecast from, and says what it is", () => {
    expect(inspection.looksLike).toBe("Trace Anything field of 9 frames, 104×60 places");
    expect(inspection.proposal).toMatchObject({
      axes: "TNC",
      units: "px",
      sourceSize: WORKING_SIZE,
    });
    const { tracks } = imported;
    expect(tracks.frameCount).toBe(FRAMES);
    // What the first frame sees stays where the picture has it: depth 2, 0.4 to the left in all.
    const seen = tracks.visibilityTN.reduce((sum, v) => sum + v, 0) / tracks.visibilityTN.length;
    expect(seen).toBeGreaterThan(0.6);
    expect(seen).toBeLessThan(1);
  });

  test("is read alike wherever its bytes lie, also in a part of a Node buffer", () => {
    for (const lead of [0, 1]) {
      const pool = Buffer.alloc(bytes.length + lead);
      pool.set(bytes, lead);
      const again = importProposed(pool.subarray(lead), "field.npz").imported;
      expect(again.tracks.tracksTN2).toEqual(imported.tracks.tracksTN2);
    }
  });

  test("gives cameras in closed form", () => {
    const { space } = imported;
    if (!space) throw new Error("nothing in space");
    expect(Math.abs(space.cameras.focalPxT[0] / 700 - 1)).toBeLessThan(0.005);
    for (let t = 0; t < FRAMES; t++) {
      const [x, y, z] = eyeOf(space.cameras, t);
      const want = (0.4 * t) / (FRAMES - 1);
      expect(Math.hypot(x - want, y, z)).toBeLessThan(0.01);
    }
  });

  test("gives a field at “now”: depth, what moves and what stands", () => {
    const { space, tracks } = imported;
    if (!space) throw new Error("nothing in space");
    // Wall to the right, the block, the patch that moves.
    const queryXyQ2 = Float32Array.of(700, 240, 135, 240, 60, 60);
    const { field, relief, curves } = fieldFromFile({
      ...{ space, tracks, queryXyQ2, size: WORKING_SIZE, columns: 26, rows: 15 },
      fileFrameT: Float64Array.from({ length: 17 }, (_, t) => t / 2),
    });
    expect([...field.stateN]).toEqual([STATIC, STATIC, MOVING]);
    expect(field.inverseDepthN[1] / field.inverseDepthN[0]).toBeCloseTo(2, 1);
    expect(relief?.columns).toBe(26);
    // The patch went down by 0.3 at a median depth of 2; its course is the file's own.
    const own = curves?.controlNK3.subarray(2 * 48, 3 * 48) ?? new Float32Array();
    expect(own[3 * 15 + 1] - own[1]).toBeCloseTo(0.15, 1);
  });

  /** The field that a made-up file tells at places all over "now". */
  const toldBy = ({ space, tracks }: ImportedTracks, scale = 1) => {
    if (!space) throw new Error("nothing in space");
    const { cameras } = space;
    const larger = {
      cameras: { ...cameras, translationT3: cameras.translationT3.map((v) => scale * v) },
      positionsTN3: space.positionsTN3.map((v) => scale * v),
    };
    const queryXyQ2 = Float32Array.from({ length: 160 }, (_, i) =>
      i % 2 ? 60 + 45 * ((i >> 1) % 9) : 60 + 9 * (i >> 1),
    );
    return fieldFromFile({
      ...{ space: larger, tracks, queryXyQ2, size: WORKING_SIZE, columns: 26, rows: 15 },
      fileFrameT: Float64Array.from({ length: FRAMES }, (_, t) => t),
    });
  };

  test("of a still scene has nothing that moves, though the file calls a part of it moving", () => {
    const size = { frames: FRAMES, rows: 60, columns: 104, focalPx: 700, stride: 8 };
    const file = makeFieldNpz({ ...size, stands: true });
    const { field } = toldBy(importProposed(file, "field.npz").imported);
    expect(field.stateN.filter((state) => state === STATIC).length).toBeGreaterThan(70);
    expect([...field.stateN]).not.toContain(MOVING);
  });

  test("whose world is seven times as large is the same field", () => {
    const [once, larger] = [toldBy(imported), toldBy(imported, 7)];
    expect(larger.field.stateN).toEqual(once.field.stateN);
    larger.field.inverseDepthN.forEach((rho, n) => {
      expect(rho / once.field.inverseDepthN[n]).toBeCloseTo(1, 4);
    });
    const [a, b] = [once.field.cameras, larger.field.cameras];
    if (!a || !b) throw new Error("no cameras");
    b.translationT3.forEach((value, i) => {
      expect(value).toBeCloseTo(a.translationT3[i], 4);
    });
  });

  test("brings everything to be looked at: what stands at once, what moves frame by frame", () => {
    const { cloud } = imported.space ?? {};
    if (!cloud) throw new Error("no dense field");
    const { stillN3, stillRgbN3, controlMK4, controlCount, firstT } = cloud;
    const moving = controlMK4.length / (4 * controlCount);
    expect(stillN3.length / 3 + moving).toBe(FRAMES * 60 * 104);
    expect(firstT[FRAMES]).toBe(moving);
    const made = readNpy(readZip(bytes).get("moving.npy") ?? bytes).data;
    for (let t = 0; t < FRAMES; t++) {
      const own = made.subarray(t * 60 * 104, (t + 1) * 60 * 104);
      expect(firstT[t + 1] - firstT[t]).toBe(Array.from(own).filter(Boolean).length);
    }
    expect(stillRgbN3.length).toBe(stillN3.length);
    // Any first part of what stands is from all over.
    const first = stillN3.subarray(0, 3 * 500).filter((_, i) => i % 3 === 0);
    expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(1);
  });

  test("damage is told with the way out", () => {
    const files = [...readZip(bytes)].map(([name, content]) => ({ name, bytes: content }));
    const without = (change: (name: string, content: Uint8Array) => Uint8Array) =>
      writeZip(
        files.map(({ name, bytes: own }) => ({ name, bytes: change(name, own) })),
        0,
      );
    const cut = without((name, own) => (name === "ctrl.npy" ? own.subarray(0, 4000) : own));
    expect(() => importProposed(cut, "field.npz")).toThrow(FormatError);
    const swapped = without((name, own) => (name === "conf.npy" ? files[2].bytes : own));
    expect(() => importProposed(swapped, "field.npz")).toThrow(/is no field/);
    const blank = without((name, own) => (name === "own.npy" ? own.slice().fill(0, 128) : own));
    expect(() => importProposed(blank, "field.npz")).toThrow(/no usable places/);
  });
});

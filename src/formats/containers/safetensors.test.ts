import { expect, test } from "vitest";
import { importProposed } from "../import/testing.ts";
import { readSafetensors, startsSafetensors } from "./safetensors.ts";

function safetensors(header: unknown, values: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + values.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(values, 8 + json.length);
  return bytes;
}

const xy = Float32Array.of(300, 20, 30, 200, 301, 21, 31, 201);
const file = safetensors(
  {
    __metadata__: { made: "here" },
    tracks: { dtype: "F32", shape: [2, 2, 2], data_offsets: [0, 32] },
    visibility: { dtype: "BOOL", shape: [2, 2], data_offsets: [32, 36] },
    odd: { dtype: "F8_E5M2", shape: [1], data_offsets: [36, 37] },
  },
  Uint8Array.of(...new Uint8Array(xy.buffer), 1, 0, 1, 1, 9),
);

test("arrays by name and shape; a type that is not read is refused by name", () => {
  const refused: string[] = [];
  const arrays = readSafetensors(file, (name) => refused.push(name));
  expect([...(arrays.get("tracks")?.data ?? [])]).toEqual([...xy]);
  expect(arrays.get("visibility")).toMatchObject({ shape: [2, 2], dtype: "bool" });
  expect(refused).toEqual(["odd"]);
});

test("halves of both kinds", () => {
  const bytes = safetensors(
    {
      f16: { dtype: "F16", shape: [1], data_offsets: [0, 2] },
      bf16: { dtype: "BF16", shape: [1], data_offsets: [2, 4] },
    },
    Uint8Array.of(0, 0x3e, 0xc0, 0x3f),
  );
  const arrays = readSafetensors(bytes, () => undefined);
  expect(arrays.get("f16")?.data[0]).toBe(1.5);
  expect(arrays.get("bf16")?.data[0]).toBe(1.5);
});

test("tracks are imported from it", () => {
  const { imported, inspection } = importProposed(file, "a.safetensors");
  expect(inspection.container).toBe("safetensors");
  expect([...imported.tracks.visibilityTN]).toEqual([1, 0, 1, 1]);
});

test("damage is a typed error", () => {
  expect(startsSafetensors(Uint8Array.of(1, 2, 3))).toBe(false);
  const cut = file.subarray(0, file.length - 20);
  expect(() => readSafetensors(cut, () => undefined)).toThrow(/cut off/);
  const wrong = safetensors(
    { tracks: { dtype: "F32", shape: [-1], data_offsets: [0, 4] } },
    new Uint8Array(4),
  );
  expect(() => readSafetensors(wrong, () => undefined)).toThrow(/damaged/);
});

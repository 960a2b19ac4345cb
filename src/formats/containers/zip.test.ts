import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { writeNpy } from "./npy.ts";
import { readNpz, writeNpz } from "./npz.ts";
import { crc32, readZip, writeZip } from "./zip.ts";

const text = (content: string) => new TextEncoder().encode(content);

test("files come back, stored and deflated", () => {
  const files = [
    { name: "a.npy", bytes: text("hello hello hello") },
    { name: "sub/b.txt", bytes: new Uint8Array() },
  ];
  for (const level of [0, 6] as const) {
    expect([...readZip(writeZip(files, level))]).toEqual(files.map((f) => [f.name, f.bytes]));
  }
});

test("a large file is deflated where that makes it smaller by a good part, wherever it does", () => {
  let state = 1;
  const noise = Uint8Array.from({ length: 400_000 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  const half = noise.slice();
  half.fill(7, 0, 200_000);
  const sizes = [noise, half, new Uint8Array(400_000)].map((bytes) => {
    const zip = writeZip([{ name: "a", bytes }]);
    expect(Buffer.compare(readZip(zip).get("a") ?? new Uint8Array(), bytes)).toBe(0);
    return zip.length;
  });
  expect(sizes[0]).toBe(writeZip([{ name: "a", bytes: noise }], 0).length);
  expect(sizes[1]).toBeLessThan(205_000);
  expect(sizes[2]).toBeLessThan(2_000);
});

test("the same files give the same bytes at any time", () => {
  const files = [{ name: "a", bytes: text("x".repeat(1000)) }];
  expect(writeZip(files)).toEqual(writeZip(files));
  expect([...writeZip(files).subarray(10, 14)]).toEqual([0, 0, 33, 0]); // 1 January 1980, 0:00
});

test("crc32 agrees with the standard's check value", () => {
  expect(crc32(text("123456789"))).toBe(0xcbf43926);
});

describe("an archive that lies", () => {
  const bomb = zipSync({ "tracks.npy": [new Uint8Array(8 << 20), { level: 9 }] });

  test("inflated bytes are counted, whatever size is declared", () => {
    const view = new DataView(bomb.buffer, bomb.byteOffset);
    const directory = view.getUint32(bomb.length - 6, true);
    const small = bomb.slice();
    new DataView(small.buffer).setUint32(directory + 24, 10, true);
    new DataView(small.buffer).setUint32(22, 10, true);
    const limits = { files: 4, inflatedBytes: 1 << 20 };
    expect(() => readZip(small, undefined, limits)).toThrow(/more than can be read/);
  });

  test("all files together share the limit", () => {
    const two = zipSync({ a: new Uint8Array(700), b: new Uint8Array(700) });
    expect(() => readZip(two, undefined, { files: 4, inflatedBytes: 1000 })).toThrow(/more than/);
    expect(() => readZip(two, undefined, { files: 1, inflatedBytes: 9999 })).toThrow(/2 files/);
  });

  test("changed content is noticed", () => {
    const stored = writeZip([{ name: "a", bytes: text("tracks") }], 0);
    stored[31] ^= 1;
    expect(() => readZip(stored)).toThrow(/damaged/);
  });

  test("cut-off archives are refused", () => {
    const good = writeZip([{ name: "a", bytes: text("tracks ".repeat(99)) }]);
    for (let end = 0; end < good.length; end++) {
      expect(() => readZip(good.subarray(0, end))).toThrow(/damaged|cut off|no directory/);
    }
  });
});

test("an unreadable array does not spoil the others", () => {
  const entry = { name: "tracks", shape: [2], dtype: "float32", values: [1, 2] } as const;
  const good = writeNpz([entry]);
  expect(readNpz(good).get("tracks")?.data).toEqual(Float32Array.of(1, 2));
  const objects = text("\x93NUMPY\x01\x00");
  const mixed = writeZip([
    { name: "meta.npy", bytes: objects },
    { name: "tracks.npy", bytes: writeNpy([2], "float32", [1, 2]) },
  ]);
  const refused: string[] = [];
  const arrays = readNpz(mixed, (name) => refused.push(name));
  expect([...arrays.keys()]).toEqual(["tracks"]);
  expect(refused).toEqual(["meta"]);
  expect(() => readNpz(mixed)).toThrow(/meta/);
});

test("zip64 records, as numpy writes for large arrays, are read", () => {
  const content = text("hello");
  const plain = writeZip([{ name: "a.npy", bytes: content }], 0);
  const view = new DataView(plain.buffer, plain.byteOffset);
  const end = plain.length - 22;
  const directory = view.getUint32(end + 16, true);
  // The entry's sizes and place move to an extra field, the directory's to records before the end.
  const entry = new Uint8Array(46 + 5 + 28);
  entry.set(plain.subarray(directory, directory + 51));
  const field = new DataView(entry.buffer);
  for (const at of [20, 24, 42]) field.setUint32(at, 0xffffffff, true);
  field.setUint16(30, 28, true);
  field.setUint16(51, 1, true);
  field.setUint16(53, 24, true);
  field.setBigUint64(55, BigInt(content.length), true);
  field.setBigUint64(63, BigInt(content.length), true);
  field.setBigUint64(71, 0n, true);
  const tail = new DataView(new ArrayBuffer(56 + 20 + 22));
  tail.setUint32(0, 0x06064b50, true);
  tail.setBigUint64(32, 1n, true);
  tail.setBigUint64(48, BigInt(directory), true);
  tail.setUint32(56, 0x07064b50, true);
  tail.setBigUint64(64, BigInt(directory + entry.length), true);
  tail.setUint32(76, 0x06054b50, true);
  tail.setUint16(86, 0xffff, true);
  tail.setUint32(92, 0xffffffff, true);
  const parts = [plain.subarray(0, directory), entry, new Uint8Array(tail.buffer)];
  const wide = new Uint8Array(Buffer.concat(parts));
  expect([...readZip(wide)]).toEqual([["a.npy", content]]);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../domain/errors.ts";
import { type NpyDtype, readNpy, type WrittenDtype, writeNpy } from "./npy.ts";

/** A .npy file with any header, as another program might write it. */
function npyFile(header: string, values: Uint8Array, version = 1): Uint8Array {
  const wide = version > 1;
  const bytes = new Uint8Array((wide ? 12 : 10) + header.length + values.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(bytes.buffer);
  if (wide) view.setUint32(8, header.length, true);
  else view.setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), wide ? 12 : 10);
  bytes.set(values, (wide ? 12 : 10) + header.length);
  return bytes;
}

function header(descr: string, shape: string, fortran = "False"): string {
  return `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;
}

describe("round trip", () => {
  const values: Record<WrittenDtype, fc.Arbitrary<number>> = {
    float32: fc.float(),
    float64: fc.double(),
    int32: fc.integer(),
    int64: fc.maxSafeInteger(),
    uint8: fc.integer({ min: 0, max: 255 }),
    bool: fc.integer({ min: 0, max: 1 }),
  };
  test.each(Object.keys(values) as WrittenDtype[])("%s is bit-exact", (dtype) => {
    fc.assert(
      fc.property(
        fc.array(values[dtype], { minLength: 12, maxLength: 12 }),
        fc.constantFrom([12], [3, 4], [1, 2, 3, 2]),
        (list, shape) => {
          const read = readNpy(writeNpy(shape, dtype, list));
          expect(read.shape).toEqual(shape);
          expect(read.dtype).toBe(dtype);
          expect(Array.from(read.data, String)).toEqual(list.map(String));
        },
      ),
    );
  });
});

test("values begin at a multiple of 64 bytes, as NumPy aligns them", () => {
  for (const shape of [[1], [81, 390, 2], [1, 81, 390, 2], [390, 121, 1, 3]]) {
    const count = shape.reduce((a, b) => a * b);
    const bytes = writeNpy(shape, "uint8", new Uint8Array(count));
    expect((bytes.length - count) % 64).toBe(0);
    expect(bytes[bytes.length - count - 1]).toBe(10);
  }
});

test.each<[string, NpyDtype, number[], number[]]>([
  ["<f2", "float16", [0x00, 0x3c, 0x00, 0xc2], [1, -3]],
  ["<f2", "float16", [0x01, 0x00, 0x00, 0x7c], [2 ** -24, Number.POSITIVE_INFINITY]],
  [">f4", "float32", [0x3f, 0x80, 0, 0, 0xc0, 0x40, 0, 0], [1, -3]],
  [">i2", "int16", [0xff, 0xfe, 0, 5], [-2, 5]],
  ["<u4", "uint32", [0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0], [2 ** 32 - 1, 1]],
  ["|b1", "bool", [0, 7], [0, 1]],
  ["|i1", "int8", [0x80, 0x7f], [-128, 127]],
])("%s is read as %s", (descr, dtype, bytes, values) => {
  const read = readNpy(npyFile(header(descr, "(2,)"), Uint8Array.from(bytes)));
  expect(read.dtype).toBe(dtype);
  expect(Array.from(read.data)).toEqual(values);
});

test("Fortran order is turned into C order", () => {
  const bytes = npyFile(header("|u1", "(2, 3)", "True"), Uint8Array.of(1, 4, 2, 5, 3, 6), 2);
  expect(readNpy(bytes)).toEqual({
    shape: [2, 3],
    dtype: "uint8",
    data: Uint8Array.of(1, 2, 3, 4, 5, 6),
  });
});

describe("refused with a way out", () => {
  const empty = new Uint8Array();
  test.each<[string, Uint8Array, RegExp]>([
    ["objects", npyFile(header("|O", "(1,)"), Uint8Array.of(0x80, 4)), /object array/],
    [
      "columns",
      npyFile("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }", empty),
      /structured/,
    ],
    ["complex", npyFile(header("<c8", "(1,)"), new Uint8Array(8)), /type <c8/],
    ["a prototype's key", npyFile(header("<constructor", "(1,)"), empty), /type <constructor/],
    ["a huge shape", npyFile(header("<f4", "(1000000, 1000000)"), empty), /more than can be read/],
    ["a short file", npyFile(header("<f4", "(4,)"), new Uint8Array(12)), /16 bytes .* holds 12/],
    ["a long file", npyFile(header("<f4", "(4,)"), new Uint8Array(20)), /16 bytes .* holds 20/],
    ["huge integers", npyFile(header("<i8", "(1,)"), new Uint8Array(8).fill(0x7f)), /too large/],
    ["a version to come", npyFile(header("<f4", "(1,)"), new Uint8Array(4), 9), /version 9/],
  ])("%s", (_, bytes, message) => {
    let caught: unknown;
    try {
      readNpy(bytes);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(FormatError);
    expect((caught as FormatError).message).toMatch(message);
    expect((caught as FormatError).remedy).not.toBe("");
  });
});

import { describe, expect, test } from "vitest";
import { h264Facts } from "./h264.ts";

/** Bits as text, `ue(n)` as its Exp-Golomb code. */
const ue = (value: number) => {
  const code = (value + 1).toString(2);
  return "0".repeat(code.length - 1) + code;
};
const u = (bits: number, value: number) => value.toString(2).padStart(bits, "0");

/** An avcC box with one sequence parameter set of the baseline profile, 320×240. */
function config(framesOnly: boolean, matrix?: number): Uint8Array {
  const told = matrix === undefined ? "0" : `1${u(3, 5)}01${u(8, 1)}${u(8, 1)}${u(8, matrix)}`;
  const bits = [
    ...[u(8, 66), u(16, 30), ue(0), ue(0), ue(2), ue(1), "0", ue(19), ue(14)],
    ...[framesOnly ? "1" : "00", "1", "1", ue(0), ue(1), ue(0), ue(2)],
    // Of what is told for display: a pixel aspect in numbers, overscan, then the colours.
    ...["1", "1", u(8, 255), u(16, 4), u(16, 3), "1", "1", told, "1"],
  ].join("");
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) =>
    Number.parseInt(byte.padEnd(8, "0"), 2),
  );
  return Uint8Array.of(1, 66, 0, 30, 255, 0xe1, 0, bytes.length + 1, 0x67, ...bytes);
}

describe("what a sequence parameter set tells", () => {
  test.each([
    ["progressive, YCgCo", true, 8],
    ["interlaced, BT.601", false, 6],
    ["progressive, nothing of colours", true, undefined],
  ])("%s", (_, framesOnly, matrix) => {
    expect(h264Facts(config(framesOnly, matrix))).toEqual({
      mayBeInterlaced: !framesOnly,
      matrix: matrix ?? 2,
    });
  });

  test("a box that is cut off says nothing", () => {
    expect(h264Facts(config(true, 8).subarray(0, 7))).toEqual({
      mayBeInterlaced: false,
      matrix: 2,
    });
  });
});

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { packIdentity } from "./identity.ts";

const file = (path: string, digit: string) => ({ path, bytes: 1, sha256: digit.repeat(64) });

test("is the hash of the files' names and hashes, whatever their order", () => {
  const files = [file("b.onnx", "1"), file("a.onnx", "2")];
  const text = `a.onnx ${"2".repeat(64)}\nb.onnx ${"1".repeat(64)}\n`;
  const expected = createHash("sha256").update(text).digest("hex");
  expect(packIdentity({ files })).toBe(expected);
  expect(packIdentity({ files: files.toReversed() })).toBe(expected);
});

test("another content is another pack", () => {
  const one = packIdentity({ files: [file("a.onnx", "1")] });
  expect(packIdentity({ files: [file("a.onnx", "2")] })).not.toBe(one);
  expect(packIdentity({ files: [file("b.onnx", "1")] })).not.toBe(one);
});

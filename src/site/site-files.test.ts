import { expect, test } from "vitest";
import { siteFile, sortedForKeeping } from "./site-files.ts";

const file = (path: string, length: number) => ({
  ...siteFile(path, new Uint8Array(length)),
  bytes: length,
});

test("the shell comes first and the large runtimes last", () => {
  const kept = sortedForKeeping([
    file("assets/core.wasm", 9_000_000),
    file("packs/compact/velocity.onnx", 3_000_000),
    file("index.html", 900),
    file("assets/main.js", 400_000),
  ]);
  expect(kept.map(({ path }) => path)).toEqual([
    "index.html",
    "assets/main.js",
    "packs/compact/velocity.onnx",
    "assets/core.wasm",
  ]);
  expect(kept.map(({ isShell }) => isShell)).toEqual([true, true, false, false]);
});

test("a changed file has another hash", () => {
  expect(siteFile("a.js", "one").hash).toBe(siteFile("b.js", "one").hash);
  expect(siteFile("a.js", "one").hash).not.toBe(siteFile("a.js", "two").hash);
});

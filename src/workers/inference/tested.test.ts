import { expect, test, vi } from "vitest";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { LoadedPack } from "../pack/load.ts";
import type { OrtRunner } from "./ort-runner.ts";
import { PassedTests } from "./passed-tests.ts";
import { tested } from "./tested.ts";

/** The parts of CacheStorage that are used here, in the order of what was put. */
function memoryCaches() {
  const stored = new Map<string, string>();
  const cache = {
    match: async (url: string) => (stored.has(url) ? new Response(stored.get(url)) : undefined),
    keys: async () => [...stored.keys()],
    delete: async (url: string) => stored.delete(url),
    put: async (url: string, response: Response) => stored.set(url, await response.text()),
  };
  return { stored, caches: { open: async () => cache } as unknown as CacheStorage };
}

/** A pack of one graph that should give 1. */
function packOf(sha256: string): LoadedPack {
  const outputs = { y: { dims: [1], indices: [0], values: [1], tolerance: 0.1 } };
  const manifest = { name: "Tiny", files: [{ path: "a.onnx", bytes: 1, sha256 }] };
  return {
    manifest: manifest as unknown as PackManifest,
    files: new Map(),
    goldens: { condition: { inputs: {}, outputs } },
  };
}

function runnerOf(value: number) {
  const run = vi.fn(async () => ({ y: { dims: [1] } }));
  const read = async () => Float32Array.of(value);
  const dispose = vi.fn(async () => undefined);
  const runner = { run, read, dispose, upload: vi.fn(), release: vi.fn() };
  return { run, dispose, runner: runner as unknown as OrtRunner };
}

test("a pack that passed is not tested again in the same runtime, and in another one it is", async () => {
  const { caches } = memoryCaches();
  const here = new PassedTests(caches, "browser 1");
  const [first, second, other] = [runnerOf(1), runnerOf(1), runnerOf(1)];
  await tested(first.runner, packOf("aa"), undefined, here);
  await tested(second.runner, packOf("aa"), undefined, new PassedTests(caches, "browser 1"));
  expect([first.run, second.run].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
  await tested(other.runner, packOf("bb"), undefined, here);
  expect(other.run).toHaveBeenCalledTimes(1);
  const later = runnerOf(1);
  await tested(later.runner, packOf("aa"), undefined, new PassedTests(caches, "browser 2"));
  expect(later.run).toHaveBeenCalledTimes(1);
});

test("a pack that gives wrong numbers is refused each time", async () => {
  const { stored, caches } = memoryCaches();
  const passed = new PassedTests(caches, "browser");
  for (let visit = 0; visit < 2; visit++) {
    const wrong = runnerOf(2);
    await expect(tested(wrong.runner, packOf("aa"), undefined, passed)).rejects.toThrow(
      /wrong numbers here: condition.y/,
    );
    expect(wrong.dispose).toHaveBeenCalled();
  }
  expect(stored.size).toBe(0);
});

test("without a cache, or with a broken one, a pack is tested at every visit", async () => {
  const broken = { open: async () => Promise.reject(new Error("forbidden")) };
  for (const caches of [undefined, broken as unknown as CacheStorage]) {
    const passed = new PassedTests(caches, "browser");
    for (let visit = 0; visit < 2; visit++) {
      const { run, runner } = runnerOf(1);
      await tested(runner, packOf("aa"), undefined, passed);
      expect(run).toHaveBeenCalledTimes(1);
    }
  }
});

test("what passed longest ago is forgotten", async () => {
  const { stored, caches } = memoryCaches();
  const passed = new PassedTests(caches, "browser");
  for (let i = 0; i < 40; i++) await passed.add(`pack ${i}`);
  expect(stored.size).toBe(32);
  expect(await passed.has("pack 7")).toBe(false);
  expect(await passed.has("pack 39")).toBe(true);
});

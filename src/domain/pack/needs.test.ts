import { expect, test } from "vitest";
import type { PackManifest } from "./manifest.ts";
import { inspect, type MachineFacts, packNeeds, wasmTestSecs } from "./needs.ts";

const MB = 1e6;

function manifest(precision: "fp32" | "fp16", scale = 1): PackManifest {
  const graph = (weights: number, activations: number, largest: number) => ({
    file: "g.onnx",
    inputs: [],
    outputs: [],
    weightBytes: weights * MB * scale,
    activationBytes: activations * MB,
    largestBufferBytes: largest * MB,
  });
  return {
    name: "Made",
    precision,
    graphs: { encode: graph(215, 90, 400), velocity: graph(980, 100, 300) },
    files: [{ path: "g.onnx", bytes: 1195 * MB, sha256: "" }],
  } as unknown as PackManifest;
}

function machine(gpu: Partial<Extract<MachineFacts["gpu"], { name: string }>> = {}): MachineFacts {
  const adapter = {
    name: "a card",
    isSoftware: false,
    maxBufferBytes: 2048 * MB,
    maxBindingBytes: 2048 * MB,
    shaderF16: true,
  };
  return { gpu: { ...adapter, ...gpu }, memoryBytes: 16 * 2 ** 30 };
}

test("needs are the sum of weights and the worst graph's intermediates", () => {
  const needs = packNeeds(manifest("fp32"));
  expect(needs.weightBytes).toBe(1195 * MB);
  expect(needs.activationBytes).toBe(100 * MB);
  expect(needs.largestBufferBytes).toBe(400 * MB);
  expect(needs.wasmBytes).toBeGreaterThan(2 * 980 * MB + 100 * MB);
});

test("a large card and a 64-bit machine lack nothing", () => {
  const { webgpu, wasm } = inspect(manifest("fp16"), machine());
  expect(webgpu.missing).toEqual([]);
  expect(wasm.missing).toEqual([]);
});

test("the self-test is estimated from the operations of all graphs, and only where there is one", () => {
  const { graphs, ...rest } = manifest("fp32");
  const [encode, velocity] = [3000, 117].map((gflops) => ({ ...graphs.encode, gflops }));
  const told = { ...rest, graphs: { encode, velocity, other: graphs.encode } };
  expect(wasmTestSecs(told)).toBe(0);
  const secs = wasmTestSecs({ ...told, goldens: "goldens.json" });
  expect(secs).toBeGreaterThan(60);
  expect(secs).toBeLessThan(300);
});

test("what is missing is named with both numbers", () => {
  const small = machine({ shaderF16: false, maxBindingBytes: 128 * MB });
  const { webgpu } = inspect(manifest("fp16"), small);
  expect(webgpu.missing).toEqual([
    "the adapter lacks shader-f16: use the fp32 pack",
    "maxStorageBufferBindingSize is 128 MB, needed 400 MB",
  ]);
  expect(inspect(manifest("fp32"), machine({ shaderF16: false })).webgpu.missing).toEqual([]);
});

test("WebAssembly is held against its address space and the machine's memory", () => {
  const wide = inspect(manifest("fp32", 2), machine());
  expect(wide.wasm.missing[0]).toMatch(/addresses 4295 MB, needed \d+ MB/);
  const little = inspect(manifest("fp32"), { ...machine(), memoryBytes: 2 * 2 ** 30 });
  expect(little.wasm.missing[0]).toMatch(/the machine has 2148 MB of memory/);
  // Browsers cap what they tell: 8 may mean 64.
  const capped = inspect(manifest("fp32"), { ...machine(), memoryBytes: 8 * 2 ** 30 });
  expect(capped.wasm.missing).toEqual([]);
});

test("the published encoder fits into WebAssembly's memory in chunks of rows, not in one piece", () => {
  const encoder = (activations: number, largest: number) => {
    const graph = {
      ...manifest("fp32").graphs.encode,
      weightBytes: 210 * MB,
      activationBytes: activations * MB,
      largestBufferBytes: largest * MB,
    };
    return inspect({ ...manifest("fp32"), graphs: { encode: graph } }, machine());
  };
  expect(encoder(840, 394).wasm.missing).toHaveLength(1);
  const chunked = encoder(494, 131);
  expect(chunked.wasm.missing).toEqual([]);
  expect(chunked.needs.wasmBytes).toBeGreaterThan(2011 * MB);
});

test("without a device the reason is what is missing", () => {
  const none = { gpu: { reason: "this browser has no WebGPU" }, memoryBytes: null };
  expect(inspect(manifest("fp32"), none).webgpu.missing).toEqual(["this browser has no WebGPU"]);
});

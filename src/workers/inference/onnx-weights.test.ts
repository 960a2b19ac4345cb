import { readFileSync } from "node:fs";
import * as ort from "onnxruntime-web";
import { beforeAll, expect, test } from "vitest";
import { bytesField, fieldsOf, numberField, textOf } from "../../formats/containers/protobuf.ts";
import { loosenWeights } from "./onnx-weights.ts";

const ROWS = 32;
const COLUMNS = 24;
const FLOAT = 1;
const HALF = 10;

beforeAll(() => {
  ort.env.wasm.numThreads = 1;
});

const text = (value: string) => [new TextEncoder().encode(value)];

function tensor(name: string, type: number, dims: number[], values: ArrayBufferView): Uint8Array[] {
  const { buffer, byteOffset, byteLength } = values;
  return bytesField(5, [
    ...dims.map((size) => numberField(1, size)),
    numberField(2, type),
    ...bytesField(8, text(name)),
    ...bytesField(9, [new Uint8Array(buffer, byteOffset, byteLength)]),
  ]);
}

function node(type: string, inputs: string[], output: string, to?: number): Uint8Array[] {
  return bytesField(1, [
    ...inputs.flatMap((name) => bytesField(1, text(name))),
    ...bytesField(2, text(output)),
    ...bytesField(4, text(type)),
    ...(to === undefined
      ? []
      : bytesField(5, [...bytesField(1, text("to")), numberField(3, to), numberField(20, 2)])),
  ]);
}

/** A graph's input (11) or output (12) of float32. */
function value(field: number, name: string, dims: number[]): Uint8Array[] {
  const shape = bytesField(
    2,
    dims.flatMap((size) => bytesField(1, [numberField(1, size)])),
  );
  const type = bytesField(1, [numberField(1, FLOAT), ...shape]);
  return bytesField(field, [...bytesField(1, text(name)), ...bytesField(2, type)]);
}

/** y = x·W + b, W [ROWS, COLUMNS] in half precision behind a Cast, b of `rows` rows. */
function model({ also = [] as Uint8Array[] } = {}): Uint8Array {
  // 1 + i/1024: halves whose last bits count; a subnormal, the largest, and a negative zero.
  const halves = Uint16Array.from({ length: ROWS * COLUMNS }, (_, i) => 0x3c00 + i);
  halves.set([0x0001, 0x7bff, 0x8000, 0xb801]);
  const bias = Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => Math.fround(i / 7));
  const graph = bytesField(7, [
    ...node("Cast", ["W.half"], "W", FLOAT),
    ...node("MatMul", ["x", "W"], "xW"),
    ...node("Add", ["xW", "b"], "y"),
    ...also,
    ...bytesField(2, text("made")),
    ...tensor("W.half", HALF, [ROWS, COLUMNS], halves),
    ...tensor("b", FLOAT, [ROWS, COLUMNS], bias),
    ...value(11, "x", [ROWS, ROWS]),
    ...value(12, "y", [ROWS, COLUMNS]),
  ]);
  const parts = [numberField(1, 9), ...graph, ...bytesField(8, [numberField(2, 18)])];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

async function run(file: Uint8Array, weights: { path: string; data: Uint8Array }[] = []) {
  const session = await ort.InferenceSession.create(file, {
    graphOptimizationLevel: "disabled",
    externalData: weights,
  });
  const x = Float32Array.from({ length: ROWS * ROWS }, (_, i) => Math.sin(i));
  const { y } = await session.run({ x: new ort.Tensor("float32", x, [ROWS, ROWS]) });
  await session.release();
  return y.data;
}

function operators(file: Uint8Array): string[] {
  const graph = [...fieldsOf(file)].find(({ number }) => number === 7)!;
  const nodes = [...fieldsOf(file, graph.from, graph.to)].filter(({ number }) => number === 1);
  return nodes.map(({ from, to }) =>
    textOf(file, [...fieldsOf(file, from, to)].find(({ number }) => number === 4)!),
  );
}

test("weights beside the model, halves widened without a Cast, give the same bits", async () => {
  const file = model();
  const { model: bare, weights } = loosenWeights(file, "bare.weights")!;
  expect(weights.length).toBe(2 * 4 * ROWS * COLUMNS);
  expect(bare.length).toBeLessThan(1000);
  expect(operators(bare)).toEqual(["MatMul", "Add"]);
  expect(await run(bare, [{ path: "bare.weights", data: weights }])).toEqual(await run(file));
}, 60_000);

test("a half that something else reads too keeps its Cast", () => {
  const also = node("Cast", ["W.half"], "again", HALF);
  const { model: bare, weights } = loosenWeights(model({ also }), "w")!;
  expect(operators(bare)).toEqual(["Cast", "MatMul", "Add", "Cast"]);
  expect(weights.length).toBe(4 * ROWS * COLUMNS);
});

test.each(["compact/condition", "compact/velocity", "photo/look", "field/tell"])(
  "the shipped %s is opened without a Cast of weights",
  (path) => {
    const file = readFileSync(new URL(`../../../public/packs/${path}.onnx`, import.meta.url));
    const { model: bare, weights } = loosenWeights(file, "w")!;
    expect(weights.length).toBeGreaterThan(1.9 * (file.length - bare.length));
    const casts = operators(file).filter((type) => type === "Cast").length;
    const left = operators(bare).filter((type) => type === "Cast").length;
    expect(casts - left).toBeGreaterThan(20);
  },
);

test("what is no ONNX file is said; a graph without large weights stays as it is", () => {
  expect(() => loosenWeights(Uint8Array.of(58, 200, 1, 7), "w")).toThrow(RangeError);
  expect(() => loosenWeights(model().subarray(0, 300), "w")).toThrow(RangeError);
  const small = readFileSync(new URL("./testdata/tiny-pack/velocity.onnx", import.meta.url));
  expect(loosenWeights(small, "w")).toBeNull();
});

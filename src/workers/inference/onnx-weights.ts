import { HALF_NUMBERS } from "../../formats/containers/half.ts";
import { joinedBytes } from "../../formats/containers/joined-bytes.ts";
import {
  bytesField,
  type Field,
  fieldsOf,
  numberField,
  numberOf,
  textOf,
} from "../../formats/containers/protobuf.ts";

/** Fields of ONNX's messages (onnx.proto3) that are read or written here. */
const MODEL = { graph: 7 };
const GRAPH = { node: 1, initializer: 5 };
const NODE = { input: 1, output: 2, type: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, int: 3 };
const TENSOR = { dims: 1, type: 2, name: 8, raw: 9, external: 13, location: 14 };
const ENTRY = { key: 1, value: 2 };
const FLOAT = 1;
const HALF = 10;
const EXTERNAL = 1;

/** Smaller ones stay where they are. */
const SMALLEST_BYTES = 1024;

/** An ONNX file apart from its large weights. */
export interface LooseModel {
  readonly model: Uint8Array;
  /** Float32, one after the other, as the model's external data of the name that was asked for. */
  readonly weights: Uint8Array;
}

interface Initializer {
  readonly field: Field;
  readonly name: string;
  readonly type: number;
  readonly dims: readonly Field[];
  readonly raw: Field;
}

/**
 * Takes the large float weights out of a model's file, to be given to a runtime beside it: what stands in
 * the file is copied twice before the runtime has it where it belongs, and stays in its memory. Weights in
 * half precision that a Cast makes float32 become that here, without the Cast: for a runtime in
 * WebAssembly its kernel costs a second of compiling and a hundred megabytes. Null where there are none.
 * @throws RangeError for what is no ONNX file.
 */
export function loosenWeights(file: Uint8Array, location: string): LooseModel | null {
  const graph = [...fieldsOf(file)].find(({ number }) => number === MODEL.graph);
  if (!graph) return null;
  const parts = [...fieldsOf(file, graph.from, graph.to)];
  const weights = parts
    .filter(({ number }) => number === GRAPH.initializer)
    .flatMap((field) => largeInitializer(file, field));
  const nodes = parts.filter(({ number }) => number === GRAPH.node);
  const casts = castsOf(file, nodes, weights);
  const taken = weights.filter(({ type, name }) => type === FLOAT || casts.has(name));
  if (taken.length === 0) return null;

  const sizes = taken.map(({ type, raw }) => (raw.to - raw.from) * (type === HALF ? 2 : 1));
  const data = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  const written = new Map<Field, readonly Uint8Array[]>();
  let offset = 0;
  for (const [i, weight] of taken.entries()) {
    const cast = casts.get(weight.name);
    widen(file, weight, data.subarray(offset, offset + sizes[i]));
    const entries = { location, offset: `${offset}`, length: `${sizes[i]}` };
    written.set(weight.field, externalTensor(file, weight, cast?.output ?? weight.name, entries));
    if (cast) written.set(cast.field, []);
    offset += sizes[i];
  }
  const body = parts.flatMap((p) => written.get(p) ?? [file.subarray(p.start, p.to)]);
  const model = [
    file.subarray(0, graph.start),
    ...bytesField(MODEL.graph, body),
    file.subarray(graph.to),
  ];
  return { model: joinedBytes(model), weights: data };
}

/** The initializer in `field`, where it is large, of floats, and lies in the file as raw bytes. */
function largeInitializer(file: Uint8Array, field: Field): Initializer[] {
  const of = new Map<number, Field[]>();
  for (const part of fieldsOf(file, field.from, field.to)) {
    of.set(part.number, [...(of.get(part.number) ?? []), part]);
  }
  const raw = of.get(TENSOR.raw)?.[0];
  const type = of.get(TENSOR.type)?.[0];
  const name = of.get(TENSOR.name)?.[0];
  if (!raw || !type || !name || raw.to - raw.from < SMALLEST_BYTES) return [];
  const dims = of.get(TENSOR.dims) ?? [];
  return [{ field, name: textOf(file, name), type: numberOf(file, type), dims, raw }];
}

/** By a half-precision weight's name, the Cast to float32 that alone reads it. */
function castsOf(
  file: Uint8Array,
  nodes: readonly Field[],
  weights: readonly Initializer[],
): Map<string, { field: Field; output: string }> {
  const halves = new Set(weights.filter(({ type }) => type === HALF).map(({ name }) => name));
  const casts = new Map<string, { field: Field; output: string }>();
  if (halves.size === 0) return casts;
  const otherwise = new Set<string>();
  for (const field of nodes) {
    const parts = [...fieldsOf(file, field.from, field.to)];
    const texts = (number: number) =>
      parts.filter((part) => part.number === number).map((part) => textOf(file, part));
    const read = texts(NODE.input).filter((name) => halves.has(name));
    const isCast = texts(NODE.type)[0] === "Cast" && castsToFloat(file, parts);
    for (const name of read) {
      if (isCast && !casts.has(name)) casts.set(name, { field, output: texts(NODE.output)[0] });
      else otherwise.add(name);
    }
  }
  for (const name of otherwise) casts.delete(name);
  return casts;
}

function castsToFloat(file: Uint8Array, node: readonly Field[]): boolean {
  return node
    .filter(({ number }) => number === NODE.attribute)
    .some((attribute) => {
      const parts = [...fieldsOf(file, attribute.from, attribute.to)];
      const name = parts.find(({ number }) => number === ATTRIBUTE.name);
      const value = parts.find(({ number }) => number === ATTRIBUTE.int);
      return name && value && textOf(file, name) === "to" && numberOf(file, value) === FLOAT;
    });
}

function widen(file: Uint8Array, { type, raw }: Initializer, to: Uint8Array): void {
  if (type === FLOAT) {
    to.set(file.subarray(raw.from, raw.to));
    return;
  }
  const numbers = new Float32Array(to.buffer, to.byteOffset, to.length / 4);
  for (let i = 0, at = raw.from; at < raw.to; i++, at += 2) {
    numbers[i] = HALF_NUMBERS[file[at] | (file[at + 1] << 8)];
  }
}

function externalTensor(
  file: Uint8Array,
  { dims }: Initializer,
  name: string,
  entries: Readonly<Record<string, string>>,
): Uint8Array[] {
  const text = (value: string) => [new TextEncoder().encode(value)];
  return bytesField(GRAPH.initializer, [
    ...dims.map(({ start, to }) => file.subarray(start, to)),
    numberField(TENSOR.type, FLOAT),
    ...bytesField(TENSOR.name, text(name)),
    ...Object.entries(entries).flatMap(([key, value]) =>
      bytesField(TENSOR.external, [
        ...bytesField(ENTRY.key, text(key)),
        ...bytesField(ENTRY.value, text(value)),
      ]),
    ),
    numberField(TENSOR.location, EXTERNAL),
  ]);
}

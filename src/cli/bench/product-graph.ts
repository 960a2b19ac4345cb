/** A matrix and those it is multiplied by, one after the other; leading dimensions are equal. */
export type Chain = readonly [a: readonly number[], ...rest: readonly (readonly number[])[]];

const ONNX_IR_VERSION = 10;
const OPSET = 18;
const FLOAT32 = 1;

/** Fields of the ONNX protocol buffers (onnx.proto) that a graph of plain products needs. */
const MODEL = { irVersion: 1, graph: 7, opsetImport: 8 };
const OPSET_ID = { version: 2 };
const GRAPH = { node: 1, name: 2, input: 11, output: 12 };
const NODE = { input: 1, output: 2, opType: 4 };
const VALUE = { name: 1, type: 2 };
const TYPE = { tensor: 1, elementType: 1, shape: 2, dimension: 1, dimensionValue: 1 };

/** Name of the `at`-th matrix of the `chain`-th chain; the result comes last. */
export function matrixName(chain: number, at: number): string {
  return `m${chain}_${at}`;
}

/** An ONNX model that multiplies inputs into one output a chain, float32. */
export function productGraph(chains: readonly Chain[]): Uint8Array {
  const graph = [
    ...chains.flatMap((chain, i) =>
      chain.slice(1).flatMap((_, at) => {
        const left = at === 0 ? matrixName(i, 0) : `p${i}_${at}`;
        const last = at === chain.length - 2;
        const product = last ? matrixName(i, chain.length) : `p${i}_${at + 1}`;
        return message(GRAPH.node, [
          ...text(NODE.input, left, matrixName(i, at + 1)),
          ...text(NODE.output, product),
          ...text(NODE.opType, "MatMul"),
        ]);
      }),
    ),
    ...text(GRAPH.name, "products"),
    ...chains.flatMap((chain, i) =>
      chain.flatMap((dims, at) => message(GRAPH.input, value(matrixName(i, at), dims))),
    ),
    ...chains.flatMap((chain, i) =>
      message(GRAPH.output, value(matrixName(i, chain.length), resultDims(chain))),
    ),
  ];
  return Uint8Array.from([
    ...integer(MODEL.irVersion, ONNX_IR_VERSION),
    ...message(MODEL.opsetImport, integer(OPSET_ID.version, OPSET)),
    ...message(MODEL.graph, graph),
  ]);
}

export function resultDims(chain: Chain): readonly number[] {
  return [...chain[0].slice(0, -1), width(chain[chain.length - 1])];
}

/** Multiply-adds of all products times two, in 10⁹. */
export function productGflops(chains: readonly Chain[]): number {
  const adds = chains.flatMap(([first, ...rest]) => {
    const rows = first.slice(0, -1).reduce((n, dim) => n * dim, 1);
    return rest.map((matrix) => rows * matrix[matrix.length - 2] * width(matrix));
  });
  return (2 * adds.reduce((sum, n) => sum + n, 0)) / 1e9;
}

function width(dims: readonly number[]): number {
  return dims[dims.length - 1];
}

function value(name: string, dims: readonly number[]): number[] {
  const shape = dims.flatMap((dim) => message(TYPE.dimension, integer(TYPE.dimensionValue, dim)));
  const tensor = [...integer(TYPE.elementType, FLOAT32), ...message(TYPE.shape, shape)];
  return [...text(VALUE.name, name), ...message(VALUE.type, message(TYPE.tensor, tensor))];
}

function text(field: number, ...values: readonly string[]): number[] {
  return values.flatMap((each) => message(field, [...new TextEncoder().encode(each)]));
}

function message(field: number, bytes: readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
}

function integer(field: number, number: number): number[] {
  return [...varint(field * 8), ...varint(number)];
}

function varint(number: number): number[] {
  const rest = Math.floor(number / 128);
  return rest > 0 ? [(number % 128) | 128, ...varint(rest)] : [number];
}

/**
 * What the forecaster needs of an ONNX runtime. All tensors are float32. A tensor lives where the
 * runtime keeps it (on the GPU between solver steps) until it is released.
 */
export interface GraphTensor {
  readonly dims: readonly number[];
}

export interface GraphRunner {
  /** Futures that are evaluated together. */
  readonly batch: number;
  upload(dims: readonly number[], values: Float32Array): GraphTensor;
  /**
   * Runs the graph of a pack's role. Only `outputs` come back; the caller releases them. Inputs stay
   * usable. Runs are never concurrent: the forecaster sees to it.
   * Rejects with RuntimeLostError once the device is gone.
   */
  run(
    role: string,
    inputs: Readonly<Record<string, GraphTensor>>,
    outputs: readonly string[],
  ): Promise<Record<string, GraphTensor>>;
  /** The values, row-major. */
  read(tensor: GraphTensor): Promise<Float32Array>;
  release(tensor: GraphTensor): void;
  /** Ends the sessions. Tensors that are still held become unusable. */
  dispose(): Promise<void>;
}

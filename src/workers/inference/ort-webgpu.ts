import mjs from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import * as ort from "onnxruntime-web/webgpu";

// Both, or a production build hangs in a worker with threads.
ort.env.wasm.wasmPaths = { mjs, wasm };

export { ort };

import mjs from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";

// Both, or a production build hangs in a worker with threads.
ort.env.wasm.wasmPaths = { mjs, wasm };

export { ort };

import { setFlagsFromString } from "node:v8";
import * as wasm from "onnxruntime-web";
import { PackError } from "../../domain/errors.ts";
import type { OrtModule } from "../../workers/inference/sessions.ts";

/** `wasm`: the build of the page, to its bytes; `cpu` and `cuda`: the native one, as near as floats are. */
export const NODE_PROVIDERS = ["wasm", "cpu", "cuda"] as const;
export type NodeProvider = (typeof NODE_PROVIDERS)[number];

/** Written apart: the package is no dependency, a bundler or type checker need not find it. */
const NATIVE = "onnxruntime-node";

/**
 * V8 optimises a function of WebAssembly once about so many bytes of it have run, eight times as many as it
 * waits for in Node 20: most of what opens a graph runs once, and is not worth its half a second. What computes
 * is past it within the first run.
 */
const TIERING_BYTES = 14_400_000;

type Loaded = { default?: OrtModule } & OrtModule;

/**
 * The runtime that runs graphs by `provider`. Rejects with PackError where the native one is asked for
 * and not installed.
 */
export async function ortOf(
  provider: NodeProvider,
  load: (name: string) => Promise<Loaded> = (name) => import(name),
): Promise<OrtModule> {
  if (provider === "wasm") {
    // Before its first graph: the runtime is compiled then.
    setFlagsFromString(`--wasm-tiering-budget=${TIERING_BYTES}`);
    return wasm;
  }
  try {
    const module = await load(NATIVE);
    return module.default ?? module;
  } catch (cause) {
    throw new PackError(
      `${NATIVE}, which the provider ${provider} needs, cannot be loaded`,
      `Install it beside the others (npm install --no-save ${NATIVE}@1.30.0, whose own script fetches CUDA), or leave the provider out.`,
      { cause },
    );
  }
}

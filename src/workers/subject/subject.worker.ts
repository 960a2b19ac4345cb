import { SUBJECT_SIDE } from "../../engine/picture/subject.ts";
import { serveChannel } from "../channel/server.ts";
import { subjectHandlers } from "./server.ts";

async function run(model: Uint8Array, input: Float32Array): Promise<Float32Array> {
  const { ort } = await import("../inference/ort-wasm.ts");
  const isolated = globalThis.crossOriginIsolated === true;
  ort.env.wasm.numThreads = isolated ? Math.min(4, navigator.hardwareConcurrency || 1) : 1;
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ["wasm"],
    logSeverityLevel: 3,
  });
  const tensor = new ort.Tensor("float32", input, [1, 3, SUBJECT_SIDE, SUBJECT_SIDE]);
  const [first] = session.outputNames;
  const outputs = await session.run({ [session.inputNames[0]]: tensor }, [first]);
  return outputs[first].data as Float32Array;
}

serveChannel(self, subjectHandlers(run), { oneAtATime: true });

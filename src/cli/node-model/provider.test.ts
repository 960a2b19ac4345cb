import * as v8 from "node:v8";
import * as wasm from "onnxruntime-web";
import { expect, test, vi } from "vitest";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import { type OrtModule, Sessions } from "../../workers/inference/sessions.ts";
import { type NodeProvider, ortOf } from "./provider.ts";

vi.mock("node:v8", async (load) => ({ ...(await load<typeof v8>()), setFlagsFromString: vi.fn() }));

const NATIVE = { InferenceSession: {} } as unknown as OrtModule;

test("by default graphs run in the build of the page, and nothing else is looked for", async () => {
  const refuse = () => Promise.reject(new Error("must not be asked"));
  expect(await ortOf("wasm", refuse)).toBe(wasm);
  // What runs once is not optimised: half a second of a command's processor.
  expect(v8.setFlagsFromString).toHaveBeenCalledExactlyOnceWith(
    expect.stringMatching(/^--wasm-tiering-budget=\d{8}$/),
  );
});

test.each<NodeProvider>(["cpu", "cuda"])(
  "%s is the native runtime, where it is installed",
  async (provider) => {
    vi.mocked(v8.setFlagsFromString).mockClear();
    expect(await ortOf(provider, async () => ({ default: NATIVE }) as never)).toBe(NATIVE);
    expect(v8.setFlagsFromString).not.toHaveBeenCalled();
    await expect(
      ortOf(provider, () => Promise.reject(new Error("not found"))),
    ).rejects.toMatchObject({
      name: "PackError",
      remedy: expect.stringMatching(
        /npm install --no-save onnxruntime-node@[\d.]+.*leave the provider out/,
      ),
    });
  },
);

const MANIFEST = {
  name: "Tiny",
  graphs: { step: { file: "step.onnx" } },
  files: [{ path: "step.onnx", bytes: 1 }],
} as unknown as PackManifest;

async function openWith(provider: NodeProvider, threads: number) {
  const asked: wasm.InferenceSession.SessionOptions[] = [];
  const ort = {
    InferenceSession: {
      create: async (_: Uint8Array, options: wasm.InferenceSession.SessionOptions) => {
        asked.push(options);
        throw new Error("no device");
      },
    },
  } as unknown as OrtModule;
  const files = new Map([["step.onnx", new Blob(["x"])]]);
  const sessions = new Sessions(ort, MANIFEST, files, { provider, threads, batch: 1 });
  const error = await sessions.get("step").catch((reason: unknown) => reason);
  return { asked: asked[0], error };
}

test("CUDA is asked for by name, keeps its threads to itself, and a machine without it is told what to do", async () => {
  const { asked, error } = await openWith("cuda", 1);
  expect(asked.executionProviders).toEqual(["cuda"]);
  expect(asked.intraOpNumThreads).toBeUndefined();
  expect(error).toMatchObject({
    name: "PackError",
    remedy: expect.stringContaining("NVIDIA card"),
  });
});

test("the native CPU runtime takes the worker's share of threads", async () => {
  const { asked } = await openWith("cpu", 3);
  expect(asked.executionProviders).toEqual(["cpu"]);
  expect(asked.intraOpNumThreads).toBe(3);
});

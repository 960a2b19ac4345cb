import { graphField } from "../../src/engine/flow/graph-field.ts";
import { solve } from "../../src/engine/flow/solvers/solve.ts";
import type { GraphTensor } from "../../src/engine/models/graph-runner.ts";
import { selfTest } from "../../src/engine/models/self-test.ts";
import { requestInferenceDevice } from "../../src/workers/inference/device.ts";
import { createOrtRunner, type OrtRunner } from "../../src/workers/inference/ort-runner.ts";
import { type LoadedPack, loadPack } from "../../src/workers/pack/load.ts";
import { urlPackSource } from "../../src/workers/pack/url-source.ts";

export type Backend = "wasm" | "webgpu";

interface Numbers {
  readonly dims: number[];
  readonly values: number[];
}
type Io = Readonly<Record<string, Numbers>>;

/** The released sampler keeps flow times this far from 0. */
const EARLIEST = 1e-5;
const STEPS = 8;

/** WebAssembly's memories of this page: they grow with what was needed at once and never shrink. */
const memories: WebAssembly.Memory[] = [];
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.push(this);
  }
};

async function open(url: string, backend: Backend) {
  const pack = await loadPack(urlPackSource(new URL(url, location.origin).href));
  return { pack, runner: await openRunner(pack, backend) };
}

async function openRunner({ manifest, files }: LoadedPack, provider: Backend): Promise<OrtRunner> {
  const { ort } =
    provider === "webgpu"
      ? await import("../../src/workers/inference/ort-webgpu.ts")
      : await import("../../src/workers/inference/ort-wasm.ts");
  ort.env.wasm.numThreads = 1;
  if (provider === "wasm") return createOrtRunner(ort, manifest, files, { provider, batch: 1 });
  const choice = await requestInferenceDevice();
  if (!choice.device) throw new Error(choice.reason);
  return createOrtRunner(ort, manifest, files, { provider, batch: 1, device: choice.device });
}

async function readJson(url: string) {
  return (await fetch(url)).json();
}

function worst(got: Float32Array, expected: readonly number[], scale = 1): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  return got.reduce((most, v, i) => Math.max(most, Math.abs(v - expected[i])), 0) / scale;
}

function relative(got: Float32Array, { values }: Numbers): number {
  return worst(got, values, Math.max(...values.map(Math.abs)));
}

/** One reference instance on one runtime: names of what is compared → largest error. */
class Comparison {
  constructor(
    private readonly runner: OrtRunner,
    private readonly io: Io,
  ) {}

  async all(): Promise<Record<string, number>> {
    const { io } = this;
    const past = this.given("history_latent_scaled");
    const encoded = await this.run(
      "encode",
      { history_tracks: this.given("history_tracks_tn2_px") },
      ["latent", "latent_scale"],
    );
    const sampled = this.given("sampled_latent_8_euler_steps_video_only");
    const rebuilt = await this.run("decode", { latent: past }, ["future_tracks"]);
    const future = await this.run("decode", { latent: sampled }, ["future_tracks"]);
    const future_tracks = this.given("future_tracks_tn2_px");
    const seen = await this.run("visibility", { latent: sampled, future_tracks }, [
      "visibility_logits",
    ]);
    const pictures = await this.run("video", { video: this.given("video") }, ["video_latent"]);
    return {
      latentMean: relative(encoded.latent, io.history_latent_scaled),
      latentScale: relative(encoded.latent_scale, io.history_latent_scale),
      reconstructionPx: worst(rebuilt.future_tracks, io.reconstruction_tn2_px.values),
      velocityAll: relative(await this.velocity(true), io.velocity_all_conditions),
      velocityNone: relative(await this.velocity(false), io.velocity_no_conditions),
      sample: relative(await this.sample(), io.sampled_latent_8_euler_steps_video_only),
      futurePx: worst(future.future_tracks, io.future_tracks_tn2_px.values),
      visibility: relative(seen.visibility_logits, io.visibility_logits_on_sample),
      videoLatent: relative(pictures.video_latent, io.encoded_video),
    };
  }

  private given(name: string): GraphTensor {
    const { dims, values } = this.io[name];
    return this.runner.upload(dims, Float32Array.from(values));
  }

  private zeros(like: string): GraphTensor {
    const { dims, values } = this.io[like];
    return this.runner.upload(dims, new Float32Array(values.length));
  }

  private async run(role: string, inputs: Record<string, GraphTensor>, names: string[]) {
    const outputs = await this.runner.run(role, inputs, names);
    const values: Record<string, Float32Array> = {};
    for (const name of names) values[name] = await this.runner.read(outputs[name]);
    return values;
  }

  private conditions(given: { readonly video: boolean; readonly others: boolean }) {
    const { runner } = this;
    return {
      history_latent: this.given("history_latent_scaled"),
      history_visibility: given.others
        ? this.given("history_visibility_latent")
        : this.zeros("history_visibility_latent"),
      video_latent: given.video ? this.given("video_latent") : this.zeros("video_latent"),
      text_embedding: this.given("text_embedding"),
      text_scale: runner.upload([1], Float32Array.of(given.others ? 1 : 0)),
    };
  }

  private async velocity(everything: boolean): Promise<Float32Array> {
    const inputs = {
      ...this.conditions({ video: everything, others: everything }),
      latent: this.given("z_t"),
      flow_time: this.given("flow_time"),
      step: this.runner.upload([1], Float32Array.of(0)),
    };
    return (await this.run("velocity", inputs, ["velocity"])).velocity;
  }

  private async sample(): Promise<Float32Array> {
    const field = graphField(this.runner, this.conditions({ video: true, others: false }));
    const advance: typeof field.advance = (latent, t, step) =>
      field.advance(latent, Math.max(t, EARLIEST), step);
    const sampler = { solver: "euler" as const, steps: STEPS };
    const end = await solve({ ...field, advance }, this.given("source_latent"), sampler);
    return this.runner.read(end);
  }
}

const harness = {
  /** A pack with io.json beside it against the numbers in there. */
  async reference(url: string, backend: Backend): Promise<Record<string, number>> {
    const { runner } = await open(url, backend);
    const io = (await readJson(new URL("io.json", new URL(url, location.origin)).href)) as Io;
    const errors = await new Comparison(runner, io).all();
    await runner.dispose();
    return errors;
  },

  vae,

  /** A pack's own goldens: largest error in units of its tolerance, and where. */
  async goldens(url: string, backend: Backend) {
    const { pack, runner } = await open(url, backend);
    const result = await selfTest(runner, pack.goldens ?? {});
    const held = runner.liveTensors;
    await runner.dispose();
    return { ...result, roles: Object.keys(pack.goldens ?? {}), held };
  },
};

interface GraphCost {
  readonly openSecs: number;
  readonly runSecs: number;
  /** Largest error in units of its tolerance. */
  readonly worst: number;
  /** Of this graph and those before it. */
  readonly wasmBytes: number;
}

/** Loads every file of a pack, then runs encoder and decoder one after the other, WebAssembly. */
async function vae(url: string) {
  const began = performance.now();
  const { manifest, files, goldens } = await loadPack(
    urlPackSource(new URL(url, location.origin).href),
  );
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const loadSecs = secsSince(began);
  console.log(`loaded ${bytes / 1e6} MB in ${loadSecs} s`);
  const { ort } = await import("../../src/workers/inference/ort-wasm.ts");
  ort.env.wasm.numThreads = crossOriginIsolated ? navigator.hardwareConcurrency : 1;
  const graphs: Record<string, GraphCost> = {};
  let ok = true;
  for (const role of ["encode", "decode"]) {
    const golden = goldens?.[role];
    if (!golden) throw new Error("the pack has no goldens: convert it without --no-check");
    const opening = performance.now();
    const alone = { ...manifest, graphs: { [role]: manifest.graphs[role] } };
    // As packs that do not fit as a whole: without an arena, which keeps every size it ever had.
    const options = { provider: "wasm" as const, batch: 1, budgetBytes: 1 };
    const runner = await createOrtRunner(ort, alone, files, options);
    await runner.open(role);
    const openSecs = secsSince(opening);
    const running = performance.now();
    const result = await selfTest(runner, { [role]: golden });
    const wasmBytes = Math.max(...memories.map(({ buffer }) => buffer.byteLength));
    graphs[role] = { openSecs, runSecs: secsSince(running), worst: result.worst, wasmBytes };
    ok &&= result.ok;
    console.log(`${role}: ${JSON.stringify(graphs[role])}`);
    await runner.dispose();
  }
  return { ok, pack: manifest.id, bytes, loadSecs, threads: ort.env.wasm.numThreads, graphs };
}

function secsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}

declare global {
  interface Window {
    packs: typeof harness;
  }
}
window.packs = harness;

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseManifest } from "../../engine/models/read-manifest.ts";
import type { Cost, Report, Section } from "./measure.ts";
import { PRODUCTS, withProducts } from "./products.ts";
import { runProgram } from "./program.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PACK = join(ROOT, "public/packs/compact");
const REPEATS = 9;
const BATCH = 4;
const WHAT_PRODUCTS = "matrix products of one block of velocity, nothing else";
const THREADS = [1, 2] as const;

type Costs = Readonly<Record<string, Cost>>;

/** Each graph of the shipped pack in onnxruntime-web's WebAssembly beside native onnxruntime. */
export const benchModel: Section = async (report, skip) => {
  if (!existsSync(PACK)) {
    skip("this checkout ships no model pack");
    return;
  }
  await withProducts(PACK, (folder) => benchPack(folder, report, skip));
};

async function benchPack(
  folder: string,
  report: Report,
  skip: (why: string) => void,
): Promise<void> {
  const { graphs } = parseManifest(await readFile(join(folder, "manifest.json")), folder);
  const python = await findPython();
  if (!python) skip("no Python with onnxruntime (FORETRACK_VENV names one): no native reference");
  for (const threads of THREADS) {
    const wasm = await inWasm(folder, threads);
    const native = python ? await inNative(python, folder, threads) : null;
    // One thread does no waiting: its CPU time is free of what else the machine does.
    const field = threads === 1 ? "cpuMillis" : "wallMillis";
    const unit = threads === 1 ? "cpu ms" : "ms";
    const name = `${threads} ${threads === 1 ? "thread" : "threads"}`;
    for (const [role, { gflops = 0 }] of Object.entries(graphs)) {
      const value = wasm[role][field];
      const speed = `${gflops} GFLOP, ${((1000 * gflops) / value).toFixed(1)} GFLOP/s`;
      report({
        what: `${role === PRODUCTS ? WHAT_PRODUCTS : role}, WASM, ${name}`,
        value,
        unit,
        note: speed,
        ...(native ? { reference: { what: native.name, value: native.costs[role][field] } } : {}),
      });
    }
    report({
      what: `velocity for one of ${BATCH} futures in a batch, WASM, ${name}`,
      value: wasm[`velocity×${BATCH}`][field] / BATCH,
      unit,
      reference: { what: "one future at a time", value: wasm.velocity[field] },
    });
  }
}

async function inWasm(folder: string, threads: number): Promise<Costs> {
  const script = fileURLToPath(new URL("./model-child.ts", import.meta.url));
  const args = [folder, String(threads), String(REPEATS), String(BATCH)];
  return JSON.parse(await runProgram(process.execPath, ["--import", "tsx", script, ...args]));
}

async function inNative(
  python: string,
  folder: string,
  threads: number,
): Promise<{ name: string; costs: Costs }> {
  const script = fileURLToPath(new URL("./native_model.py", import.meta.url));
  const out = await runProgram(python, [script, folder, String(threads), String(REPEATS)]);
  const { version, costs } = JSON.parse(out) as { version: string; costs: Costs };
  return { name: `onnxruntime ${version}`, costs };
}

/** Where the tests' Python environment may be; null when none has onnxruntime. */
async function findPython(): Promise<string | null> {
  const environments = [
    process.env.FORETRACK_VENV,
    join(ROOT, ".cache/venv"),
    join(homedir(), ".cache/foretrack/venv"),
  ];
  const bin = process.platform === "win32" ? "Scripts/python.exe" : "bin/python";
  const candidates = environments.flatMap((folder) => (folder ? [resolve(folder, bin)] : []));
  for (const python of [...candidates.filter((path) => existsSync(path)), "python3"]) {
    const works = runProgram(python, ["-c", "import onnxruntime, numpy"]);
    if (await works.then(() => true).catch(() => false)) return python;
  }
  return null;
}

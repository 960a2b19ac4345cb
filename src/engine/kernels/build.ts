import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Plugin } from "vite";

// For Node alone: the page gets the compiled kernels from the build.

/** Folders of AssemblyScript by the name of what they are compiled to. */
const KERNELS = {
  tracking: fileURLToPath(new URL("../tracking/kernel/assembly", import.meta.url)),
  picture: fileURLToPath(new URL("../picture/kernel/assembly", import.meta.url)),
} as const;

type KernelName = keyof typeof KERNELS;

const KEPT = fileURLToPath(new URL("../../../.cache/kernels", import.meta.url));
const OPTIONS = [
  ...["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--use", "abort="],
  // Vectors cross between our own functions only.
  ...["--disableWarning", "112"],
];

/** The kernels compiled, in Node. @throws Error with what is wrong in their source. */
export const loadTrackingKernel = () => loadKernel("tracking");
export const loadPictureKernel = () => loadKernel("picture");

const modules = new Map<KernelName, Promise<WebAssembly.Module>>();

/** Once a process: every reading of a clip asks for one. */
function loadKernel(name: KernelName): Promise<WebAssembly.Module> {
  const known = modules.get(name);
  if (known) return known;
  const module = compileKernel(name).then((bytes) => WebAssembly.compile(bytes));
  modules.set(name, module);
  module.catch(() => modules.delete(name));
  return module;
}

/** Compiles a kernel or gives what was compiled from the same source. */
async function compileKernel(name: KernelName): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(KEPT, `${name}-${await sourceHash(KERNELS[name])}.wasm`);
  const kept = await readFile(path).catch(() => null);
  if (kept) return new Uint8Array(kept);
  const bytes = await compile(name);
  await mkdir(KEPT, { recursive: true });
  // Others may compile at the same time: whoever is last replaces the same bytes.
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, bytes);
  await rename(draft, path);
  return bytes;
}

async function sourceHash(sources: string): Promise<string> {
  const hash = createHash("sha256").update(OPTIONS.join(" "));
  for (const name of (await readdir(sources)).sort()) {
    hash.update(name).update(await readFile(join(sources, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

interface Compiled {
  readonly compiled: Uint8Array<ArrayBuffer> | null;
  readonly complaint: string;
}

async function compile(name: KernelName): Promise<Uint8Array<ArrayBuffer>> {
  const words = ["index.ts", "--baseDir", KERNELS[name], "--outFile", "kernel.wasm", ...OPTIONS];
  const thread = new Worker(new URL("./compile-thread.mjs", import.meta.url), {
    workerData: words,
    // Whatever the process was started with (a loader of TypeScript) is none of the compiler's.
    execArgv: [],
  });
  try {
    const { compiled, complaint } = await new Promise<Compiled>((resolve, reject) => {
      thread.once("message", resolve);
      thread.once("error", reject);
      thread.once("exit", (code) => reject(new Error(`the compiler of ${name} ended (${code})`)));
    });
    if (compiled) return compiled;
    throw new Error(`the ${name} kernel does not compile: ${complaint}`);
  } finally {
    await thread.terminate();
  }
}

const VIRTUAL = /^virtual:(\w+)-kernel$/;

/** Makes the compiled kernels importable as `virtual:NAME-kernel`, base64. */
export function kernels(): Plugin {
  const nameIn = (id: string): KernelName | null => {
    const name = VIRTUAL.exec(id)?.[1] ?? "";
    return Object.hasOwn(KERNELS, name) ? (name as KernelName) : null;
  };
  return {
    name: "kernels",
    resolveId: (id) => (nameIn(id) ? `\0${id}` : null),
    async load(id) {
      const name = id.startsWith("\0") ? nameIn(id.slice(1)) : null;
      if (!name) return null;
      const sources = KERNELS[name];
      for (const file of await readdir(sources)) this.addWatchFile(join(sources, file));
      const text = Buffer.from(await compileKernel(name)).toString("base64");
      return `export default ${JSON.stringify(text)};`;
    },
  };
}

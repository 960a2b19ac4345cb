import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

// For Node alone: the page gets the compiled kernel from the build.

const SOURCES = fileURLToPath(new URL("./assembly", import.meta.url));
const KEPT = fileURLToPath(new URL("../../../../.cache/tracking-kernel", import.meta.url));
const OPTIONS = [
  ...["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--use", "abort="],
  // Vectors cross between our own functions only.
  ...["--disableWarning", "112"],
];

/** Compiles `assembly/` or gives what was compiled from the same source. @throws Error with what is wrong in it. */
export async function compileKernel(): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(KEPT, `${await sourceHash()}.wasm`);
  const kept = await readFile(path).catch(() => null);
  if (kept) return new Uint8Array(kept);
  const bytes = await compile();
  await mkdir(KEPT, { recursive: true });
  // Others may compile at the same time: whoever is last replaces the same bytes.
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, bytes);
  await rename(draft, path);
  return bytes;
}

/** The kernel for `createPointTracker`, in Node. */
export async function loadKernel(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await compileKernel());
}

async function sourceHash(): Promise<string> {
  const hash = createHash("sha256").update(OPTIONS.join(" "));
  for (const name of (await readdir(SOURCES)).sort()) {
    hash.update(name).update(await readFile(join(SOURCES, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

async function compile(): Promise<Uint8Array<ArrayBuffer>> {
  // Loaded only where it is needed: the compiler takes a second to start.
  const { main } = await import("assemblyscript/asc");
  let compiled: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await main(
    ["index.ts", "--baseDir", SOURCES, "--outFile", "kernel.wasm", ...OPTIONS],
    {
      writeFile(name, contents) {
        if (name.endsWith(".wasm")) compiled = new Uint8Array(contents as Uint8Array<ArrayBuffer>);
      },
    },
  );
  if (error || !compiled) throw new Error(`the tracking kernel does not compile: ${stderr}`);
  return compiled;
}

const VIRTUAL = "virtual:tracking-kernel";

/** Makes the compiled kernel importable, as base64. */
export function trackingKernel(): Plugin {
  return {
    name: "tracking-kernel",
    resolveId: (id) => (id === VIRTUAL ? `\0${VIRTUAL}` : null),
    async load(id) {
      if (id !== `\0${VIRTUAL}`) return null;
      for (const name of await readdir(SOURCES)) this.addWatchFile(join(SOURCES, name));
      const text = Buffer.from(await compileKernel()).toString("base64");
      return `export default ${JSON.stringify(text)};`;
    },
  };
}

import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type CreateCore, coreRunner } from "../../workers/decode/ffmpeg/core.ts";

/**
 * ffmpeg.wasm as a program: `wasm-child.ts FILE ffmpeg|ffprobe ARGUMENTS`, where the arguments call
 * the file "/clip". A process of its own, because the core blocks its thread until it has ended.
 */
const [path, tool, ...args] = process.argv.slice(2);
if (!path || (tool !== "ffmpeg" && tool !== "ffprobe")) {
  throw new Error("usage: wasm-child.ts FILE ffmpeg|ffprobe ARGUMENTS");
}

// The core takes every place for a worker and asks where it is.
Object.assign(globalThis, { self: { location: { href: "" } } });
const require = createRequire(import.meta.url);
const create = require("@ffmpeg/core") as CreateCore;
const compiled = await WebAssembly.compile(await readFile(require.resolve("@ffmpeg/core/wasm")));

const file = openSync(path, "r");
const access = {
  size: fstatSync(file).size,
  read(position: number, length: number) {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, position));
  },
};
process.exitCode = await coreRunner(create, compiled, access).run(tool, args, {
  onBytes: (bytes) => writeAll(1, bytes),
  onErrorLine: (line) => writeAll(2, new TextEncoder().encode(`${line}\n`)),
});
closeSync(file);

/** A full pipe answers EAGAIN until its reader has caught up. */
function writeAll(to: number, bytes: Uint8Array): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let from = 0; from < bytes.length; ) {
    try {
      from += writeSync(to, bytes, from);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

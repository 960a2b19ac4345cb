import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname } from "node:path";

let found: boolean | undefined;

export function hasFfmpeg(): boolean {
  found ??= spawnSync("ffmpeg", ["-version"]).status === 0;
  return found;
}

/**
 * Runs ffmpeg once: `args` end with the file to write; "-" as input reads `stdin`. Without ffmpeg
 * on the PATH the core of ffmpeg.wasm does it, in this process.
 */
export async function encode(args: readonly string[], stdin?: Uint8Array): Promise<void> {
  const code = hasFfmpeg() ? await runNative(args, stdin) : await runCore(args, stdin);
  if (code !== 0) throw new Error(`ffmpeg ${args.join(" ")} ended with ${code}`);
}

function runNative(args: readonly string[], stdin?: Uint8Array): Promise<number | null> {
  return new Promise((done, fail) => {
    const child = spawn("ffmpeg", ["-v", "error", "-y", ...args], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    child.on("error", fail);
    child.on("close", done);
    // A failed ffmpeg closes its input early; its exit code tells more than the broken pipe.
    child.stdin.on("error", () => {});
    child.stdin.end(stdin);
  });
}

interface EncoderCore {
  exec(...args: string[]): number;
  setLogger(log: (entry: { message: string }) => void): void;
  readonly FS: {
    writeFile(path: string, data: Uint8Array): void;
    readFile(path: string): Uint8Array;
  };
}

async function runCore(args: readonly string[], stdin?: Uint8Array): Promise<number> {
  const require = createRequire(import.meta.url);
  const wasm = readFileSync(require.resolve("@ffmpeg/core/wasm"));
  Object.assign(globalThis, { self: { location: { href: "" } } });
  const create = require("@ffmpeg/core") as (options: object) => Promise<EncoderCore>;
  const core = await create({
    wasmBinary: wasm,
    mainScriptUrlOrBlob: `#${btoa(JSON.stringify({ wasmURL: "", workerURL: "" }))}`,
  });
  const log: string[] = [];
  core.setLogger(({ message }) => log.push(message));
  const target = args.at(-1) ?? "";
  const inside = `/out${extname(target)}`;
  const mapped = args.slice(0, -1).map((arg, i) => {
    if (args[i - 1] !== "-i" || args[i - 2] === "lavfi") return arg;
    const path = `/in${i}${extname(arg)}`;
    core.FS.writeFile(path, arg === "-" ? (stdin ?? new Uint8Array(0)) : readFileSync(arg));
    return path;
  });
  const code = core.exec(...mapped, inside);
  if (code === 0) writeFileSync(target, core.FS.readFile(inside));
  else console.error(log.slice(-8).join("\n"));
  return code;
}

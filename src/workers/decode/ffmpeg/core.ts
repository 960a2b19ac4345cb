import { ForetrackError, RuntimeLostError } from "../../../domain/errors.ts";
import type { FfmpegRunner } from "./runner.ts";

/** A file that is read in place, never copied into the WebAssembly memory as a whole. */
export interface RandomAccess {
  readonly size: number;
  /** Up to `length` bytes from `position`. */
  read(position: number, length: number): Uint8Array;
}

/** The part of Emscripten's module that we use. */
export interface FfmpegCore {
  exec(...args: string[]): number;
  ffprobe(...args: string[]): number;
  setLogger(log: (entry: { type: string; message: string }) => void): void;
  readonly FS: CoreFileSystem;
}

interface CoreStream {
  readonly node: CoreNode;
}

interface StreamOps {
  read?(stream: CoreStream, to: Uint8Array, offset: number, length: number, at: number): number;
  write?(stream: CoreStream, from: Uint8Array, offset: number, length: number): number;
  open?(stream: CoreStream): void;
  close?(stream: CoreStream): void;
}

interface CoreNode {
  usedBytes: number;
  stream_ops: StreamOps;
}

interface CoreFileSystem {
  writeFile(path: string, data: Uint8Array): void;
  lookupPath(path: string): { node: CoreNode };
  makedev(major: number, minor: number): number;
  registerDevice(device: number, ops: StreamOps): void;
  mkdev(path: string, device: number): void;
}

interface CoreOptions {
  mainScriptUrlOrBlob: string;
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance) => void,
  ): object;
}

export type CreateCore = (options: CoreOptions) => Promise<FfmpegCore>;

const INPUT = "/clip";
const PICTURES = "/dev/pictures";

/**
 * Runs the single-thread core of ffmpeg.wasm on `file` in this thread: `run` blocks it, and only
 * ending the thread stops it. Every run gets a fresh instance, for a core that has ended once
 * leaks, and pictures leave through a device, so the heap holds one at a time. `run` rejects with
 * RuntimeLostError where the core runs out of memory.
 */
export function coreRunner(
  create: CreateCore,
  compiled: WebAssembly.Module,
  file: RandomAccess,
): FfmpegRunner {
  return {
    input: INPUT,
    async run(tool, args, output) {
      const core = await instantiate(create, compiled);
      const text = new TextEncoder();
      core.setLogger(({ type, message }) => {
        if (type === "stdout") output.onBytes?.(text.encode(`${message}\n`));
        else output.onErrorLine?.(message);
      });
      mountInput(core.FS, file);
      mountOutput(core.FS, (bytes) => output.onBytes?.(bytes));
      const given = args.map((arg) => (arg === "pipe:1" ? PICTURES : arg));
      try {
        return tool === "ffmpeg" ? core.exec(...given) : core.ffprobe(...given);
      } catch (error) {
        throw error instanceof ForetrackError ? error : stopped(error);
      }
    },
  };
}

function instantiate(create: CreateCore, compiled: WebAssembly.Module): Promise<FfmpegCore> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(stopped(cause));
    create({
      // The core decodes file locations from the part after "#"; we hand the module over instead.
      mainScriptUrlOrBlob: `#${btoa(JSON.stringify({ wasmURL: "", workerURL: "" }))}`,
      instantiateWasm(imports, receive) {
        // The core itself never hears of a failure here, and would wait for ever.
        WebAssembly.instantiate(compiled, imports).then(receive, fail);
        return {};
      },
    }).then(resolve, fail);
  });
}

/** Out of memory, mostly: a WebAssembly trap or a heap that cannot grow leaves nothing to go on with. */
function stopped(cause: unknown): RuntimeLostError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RuntimeLostError(
    `The decoder ended in the middle of its work (${reason})`,
    "Close other tabs and try again, or convert the clip to H.264 MP4 of at most 1920×1080.",
    { cause },
  );
}

/** An empty file of the core's own, whose reads go to `file`. */
function mountInput(fs: CoreFileSystem, file: RandomAccess): void {
  fs.writeFile(INPUT, new Uint8Array(0));
  const { node } = fs.lookupPath(INPUT);
  node.usedBytes = file.size;
  node.stream_ops = {
    ...node.stream_ops,
    read(_stream, to, offset, length, at) {
      if (at >= file.size) return 0;
      const bytes = file.read(at, Math.min(length, file.size - at));
      to.set(bytes, offset);
      return bytes.length;
    },
  };
}

function mountOutput(fs: CoreFileSystem, onBytes: (bytes: Uint8Array) => void): void {
  const device = fs.makedev(80, 0);
  fs.registerDevice(device, {
    open: () => {},
    close: () => {},
    write(_stream, from, offset, length) {
      onBytes(from.subarray(offset, offset + length));
      return length;
    },
  });
  fs.mkdev(PICTURES, device);
}

import { spawn } from "node:child_process";
import { CancelledError } from "../../domain/errors.ts";
import type { FfmpegOutput, FfmpegRunner } from "../../workers/decode/ffmpeg/runner.ts";

/** How to start a tool: the program and what comes before its own arguments. */
export type ToolCommand = (tool: "ffmpeg" | "ffprobe") => readonly [string, ...string[]];

/** Runs ffmpeg as a child process; cancelling kills it. */
export function spawnRunner(command: ToolCommand, input: string): FfmpegRunner {
  return {
    input,
    run(tool, args, output, signal) {
      const [program, ...before] = command(tool);
      const quiet = tool === "ffmpeg" ? ["-nostdin", "-hide_banner"] : [];
      return runChild(program, [...before, ...quiet, ...args], output, signal);
    },
  };
}

function runChild(
  program: string,
  args: readonly string[],
  output: FfmpegOutput,
  signal?: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new CancelledError());
      return;
    }
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const stop = () => child.kill("SIGKILL");
    signal?.addEventListener("abort", stop, { once: true });
    let rest = "";
    child.stdout.on("data", (chunk: Buffer) => output.onBytes?.(chunk));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) output.onErrorLine?.(line);
    });
    child.on("error", (error) => {
      signal?.removeEventListener("abort", stop);
      reject(error);
    });
    child.on("close", (code) => {
      signal?.removeEventListener("abort", stop);
      if (signal?.aborted) reject(new CancelledError());
      else resolve(code ?? 1);
    });
  });
}

import { spawn } from "node:child_process";

/**
 * Runs a command with its output on ours.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<number>} exit code; 127 when the command does not exist
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: "inherit",
      shell: process.platform === "win32",
      ...options,
    });
    child.on("error", () => resolve(127));
    child.on("exit", (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

/** Lines of a failed command that are worth reading again. */
const LAST_LINES = 60;

/**
 * Like `run`, and keeps the end of what was printed.
 * @returns {Promise<{code: number, lastLines: string}>}
 */
export async function runKept(command, args, options = {}) {
  let kept = "";
  const env = {
    ...(options.env ?? process.env),
    ...(process.stdout.isTTY && { FORCE_COLOR: "1" }),
  };
  const code = await new Promise((resolve) => {
    const child = spawn(command, args, { ...options, env, stdio: ["inherit", "pipe", "pipe"] });
    for (const stream of ["stdout", "stderr"]) {
      child[stream].on("data", (chunk) => {
        process[stream].write(chunk);
        kept = (kept + chunk).split("\n").slice(-LAST_LINES).join("\n");
      });
    }
    child.on("error", () => resolve(127));
    child.on("close", (exit) => resolve(exit ?? 1));
  });
  return { code, lastLines: kept };
}

/** Like `run`, but ends this process where the command fails. */
export async function must(command, args, options = {}) {
  const code = await run(command, args, options);
  if (code !== 0) {
    console.error(`\nfailed (exit ${code}): ${[command, ...args].join(" ")}`);
    process.exit(code);
  }
}

/** True where the command runs and exits 0; silent. */
export async function works(command, args) {
  return (await run(command, args, { stdio: "ignore" })) === 0;
}

/** A heading between the steps. */
export function say(text) {
  console.log(`\n— ${text}`);
}

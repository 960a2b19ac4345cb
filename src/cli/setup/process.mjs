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

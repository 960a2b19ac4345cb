import { spawn } from "node:child_process";

/** Runs a program, in the folder `cwd`, to its end and gives what it printed. Rejects when it fails. */
export function runProgram(
  program: string,
  args: readonly string[],
  stdin?: string,
  cwd?: string,
): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], ...(cwd && { cwd }) });
    const parts: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.on("error", fail);
    child.on("close", (code) => {
      if (code === 0) done(Buffer.concat(parts).toString());
      else fail(new Error(`${program} ended with ${code}`));
    });
    // A program that does not read its input may close it early.
    child.stdin.on("error", () => {});
    child.stdin.end(stdin);
  });
}

/** Like `runProgram`, but the output is read and dropped: frames would fill the memory. */
export function drainProgram(program: string, args: readonly string[]): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    let bytes = 0;
    child.stdout.on("data", (part: Buffer) => {
      bytes += part.length;
    });
    child.on("error", fail);
    child.on("close", (code) => {
      if (code === 0) done(bytes);
      else fail(new Error(`${program} ended with ${code}`));
    });
  });
}

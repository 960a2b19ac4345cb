import type { Progress } from "../domain/job.ts";

/**
 * Prints progress to standard error: one rewritten line in a terminal, elsewhere a line for each
 * stage as it ends, with its seconds.
 */
export function progressPrinter(stream: NodeJS.WriteStream = process.stderr) {
  let stage = "";
  let started = 0;
  const finish = () => {
    if (stage === "") return;
    const secs = ((performance.now() - started) / 1000).toFixed(1);
    stream.write(`${stream.isTTY ? "\r\x1b[2K" : ""}${stage}: ${secs} s\n`);
    stage = "";
  };
  return {
    /** Starts a stage under a name for the user; reports of any inner stage count as its own. */
    begin(name: string): (progress: Progress) => void {
      finish();
      stage = name;
      started = performance.now();
      return ({ done, total }) => {
        if (stream.isTTY) stream.write(`\r\x1b[2K${name} ${Math.round((100 * done) / total)} %`);
      };
    },
    finish,
    /** A line of its own that stays. */
    note(text: string): void {
      finish();
      stream.write(`${text}\n`);
    },
  };
}

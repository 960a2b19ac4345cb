import { type ParseArgsConfig, parseArgs } from "node:util";
import { explain } from "./explain.ts";

/**
 * Flags of the command that runs. `--help` prints how it is called and ends it, and so does, with 2, a
 * flag that it does not know; whatever fails from here on ends it with 1, in words.
 */
export function readFlags<const T extends ParseArgsConfig>(
  usage: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  if (process.argv.slice(2).includes("--help")) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  process.once("uncaughtException", (error) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  });
  try {
    return parseArgs(config);
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${firstSentence(told)}\n${usage}\n`);
    process.exit(2);
  }
}

/** Node adds how a flag could be meant as a file's name, which nobody did. */
export function firstSentence(text: string): string {
  return text.split(/\. To specify|\n/)[0];
}

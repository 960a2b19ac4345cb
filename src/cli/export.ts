import { ForetrackError } from "../domain/errors.ts";
import { EXPORT_USAGE, exportCommand } from "./export-command.ts";

const args = process.argv.slice(2);

if (args.includes("--help")) process.stdout.write(EXPORT_USAGE);
else {
  try {
    process.stdout.write(`${(await exportCommand(args)).join("\n")}\n`);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${explain(error)}\n`);
  }
}

function explain(error: unknown): string {
  if (error instanceof ForetrackError) return `${error.message}\n${error.remedy}`;
  // Paths and flags that Node refuses carry a code; anything else is a fault of ours.
  if (error instanceof Error && "code" in error) return `${error.message}\nSee --help.`;
  throw error;
}

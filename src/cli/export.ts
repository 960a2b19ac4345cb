import { explain } from "./explain.ts";
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

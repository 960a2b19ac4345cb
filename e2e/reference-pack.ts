import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
const REFERENCE = resolve(ROOT, "../shared/reference");
const OUT = join(ROOT, ".cache/reference-pack");

/** Below the root of the development server. */
export const REFERENCE_URL = "/.cache/reference-pack/";

/** The Python of the models' tests, where there is one. */
const PYTHON = [
  process.env.FORETRACK_VENV && join(process.env.FORETRACK_VENV, "bin/python"),
  join(ROOT, ".cache/venv/bin/python"),
  join(homedir(), ".cache/foretrack/venv/bin/python"),
].find((path) => path && existsSync(path));

/** Why there are no reference numbers to compare with; null where they are there. */
export function whyNoReference(): string | null {
  if (!existsSync(join(REFERENCE, "trajloom_tiny")))
    return "no reference numbers beside the project";
  return PYTHON ? null : "no Python environment of the models' tests";
}

/** Converts the reference weights; a few seconds on a quiet machine. */
export function makeReferencePack(): void {
  if (!PYTHON) return;
  execFileSync(PYTHON, [join(ROOT, "e2e/harness/make_reference_pack.py"), REFERENCE, OUT], {
    stdio: ["ignore", "inherit", "inherit"],
  });
}

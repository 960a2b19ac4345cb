// Turns the published TrajLoom files into a model pack:
// `npm run convert -- --trajloom DIR [--video-vae FILE] --out PACK [--precision fp32|fp16]`.
// A front for the Python package, which prints its own help with `--help`.
import { join, resolve } from "node:path";
import { ROOT, requireNode } from "./setup/packages.mjs";
import { run } from "./setup/process.mjs";
import { ensurePython } from "./setup/python.mjs";

const PATHS = ["--trajloom", "--video-vae", "--out"];

requireNode();
// Python runs in models/, so that paths must not depend on the folder of the command.
const given = process.argv.slice(2);
const words = given.map((word, i) => (PATHS.includes(given[i - 1]) ? resolve(word) : word));
const python = await ensurePython();
const command = ["-m", "foretrack", "convert", ...words];
process.exit(await run(python, command, { cwd: join(ROOT, "models") }));

import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./packages.mjs";
import { must, say, works } from "./process.mjs";

/** What models/ imports, and what its checks and tests run; all are in models/pyproject.toml. */
const MODULES =
  "import torch, onnx, onnxruntime, onnxscript, numpy, safetensors, pytest, ruff, mypy";
const INTERPRETERS = ["python3.14", "python3.13", "python3.12", "python3.11", "python3", "python"];

const pythonIn = (venv) =>
  process.platform === "win32" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");

/** The pinned requirements of models/pyproject.toml, those of the tests included. */
function requirements() {
  const text = readFileSync(join(ROOT, "models/pyproject.toml"), "utf8");
  return [...text.matchAll(/"([\w.-]+==[\w.+]+)"/g)].map((match) => match[1]);
}

/**
 * A Python that can run the checks and tests under models: FORETRACK_VENV, the checkout's own
 * environment, or any interpreter on the PATH that has the packages. An environment of ours that
 * was made before a package was needed gets what it lacks; without one, one is made in `.cache/venv`.
 * @returns {Promise<string>} path of the interpreter
 */
export async function ensurePython() {
  const venv = process.env.FORETRACK_VENV ?? join(ROOT, ".cache/venv");
  const own = pythonIn(venv);
  // Where the CI entry keeps its environment from one checkout to the next.
  const shared = pythonIn(join(homedir(), ".cache/foretrack/venv"));
  const made = [own, shared].filter((python) => existsSync(python));
  for (const python of [...made, ...INTERPRETERS]) {
    if (await works(python, ["-c", MODULES])) return python;
  }
  const what = requirements();
  const [older] = made;
  if (older) {
    say(`Adding what the Python environment of ${older} lacks`);
    await install(older, what);
    return older;
  }
  const base = await findInterpreter();
  say(
    `Making a Python environment in ${venv}: ${what.length} packages, among them torch. ` +
      "Download and disk together are several GB on Linux (2 GB and 6 GB), less elsewhere.",
  );
  await must(base, ["-m", "venv", venv]);
  await install(own, what);
  return own;
}

const install = (python, what) =>
  must(python, ["-m", "pip", "install", "--disable-pip-version-check", ...what]);

async function findInterpreter() {
  for (const python of INTERPRETERS) {
    if (
      await works(python, ["-c", "import sys, venv, ensurepip; assert sys.version_info >= (3, 11)"])
    ) {
      return python;
    }
  }
  console.error(
    "The tests under models need Python 3.11 or newer with venv. Install it and try again.",
  );
  process.exit(1);
}

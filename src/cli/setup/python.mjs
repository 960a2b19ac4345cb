import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./packages.mjs";
import { must, run, say, works } from "./process.mjs";

/** What models/ imports, and what its checks and tests run; all are in models/pyproject.toml. */
const MODULES =
  "import torch, onnx, onnxruntime, onnxscript, numpy, safetensors, pytest, ruff, mypy";
const INTERPRETERS = ["python3.14", "python3.13", "python3.12", "python3.11", "python3", "python"];

const pythonIn = (venv) =>
  process.platform === "win32" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");

/** The pinned requirements of lists in models/pyproject.toml: `dependencies` and extras by name. */
function requirements(...lists) {
  const text = readFileSync(join(ROOT, "models/pyproject.toml"), "utf8");
  return lists.flatMap((name) => {
    const list = new RegExp(`^${name} = \\[\\n?([^]*?)\\]$`, "m").exec(text)?.[1] ?? "";
    return [...list.matchAll(/"([\w.[\]-]+==[\w.+]+)"/g)].map((match) => match[1]);
  });
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
  const what = requirements("dependencies", "test");
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

/** What `foretrack batch` and its tests import. */
const BATCH_MODULES = "import ray, pyarrow, fsspec, s3fs, aiohttp, moto.server, flask_cors";

/**
 * The extra of `foretrack batch` in that environment, for its tests.
 * @param {string} python
 * @returns {Promise<boolean>} false where it cannot be installed; why not was printed
 */
export async function ensureBatch(python) {
  if (await works(python, ["-c", BATCH_MODULES])) return true;
  const what = requirements("batch", "batch-test");
  say("Adding Ray, pyarrow and a stand-in for an object store: over 400 MB on disk");
  await run(python, [...PIP, ...what]);
  return works(python, ["-c", BATCH_MODULES]);
}

/**
 * Google's object store and a stand-in for it, in that environment: one test of batches is left out without them.
 * @param {string} python
 * @returns {Promise<boolean>} false where they cannot be installed; why not was printed
 */
export async function ensureStores(python) {
  const modules = "import gcsfs, gcp_storage_emulator";
  if (await works(python, ["-c", modules])) return true;
  say("Adding the driver of gs:// and a stand-in for that store: 40 MB on disk");
  await run(python, [...PIP, ...requirements("store-test")]);
  return works(python, ["-c", modules]);
}

/** What reads the exports in space. */
const SPACE_MODULES = "import pygltflib, pxr.Usd, plyfile, pycolmap, rerun";

/**
 * The extra of the tests that read exports in space, in that environment.
 * @param {string} python
 * @returns {Promise<boolean>} false where it cannot be installed; why not was printed
 */
export async function ensureSpaceReaders(python) {
  if (await works(python, ["-c", SPACE_MODULES])) return true;
  say("Adding readers of glTF, USD, PLY, COLMAP and Rerun files: 850 MB on disk");
  await run(python, [...PIP, ...requirements("space-test")]);
  return works(python, ["-c", SPACE_MODULES]);
}

const PIP = ["-m", "pip", "install", "--disable-pip-version-check"];
const install = (python, what) => must(python, [...PIP, ...what]);

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

"""Times every graph of a pack in native onnxruntime: `native_model.py FOLDER THREADS REPEATS`.

Prints {role: {"wallMillis": ..., "cpuMillis": ...}}, medians, on the inputs of the pack's goldens.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort


def golden_input(formula: dict) -> np.ndarray:
    count = int(np.prod(formula["dims"], dtype=np.int64))
    wave = np.sin(formula["frequency"] * np.arange(count, dtype=np.float64))
    values = formula["offset"] + formula["amplitude"] * wave
    return values.astype(np.float32).reshape(formula["dims"])


def time_graph(session: ort.InferenceSession, feeds: dict, repeats: int) -> dict:
    session.run(None, feeds)
    walls, cpus = [], []
    for _ in range(repeats):
        cpu, wall = time.process_time(), time.perf_counter()
        session.run(None, feeds)
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    return {"wallMillis": statistics.median(walls), "cpuMillis": statistics.median(cpus)}


def main() -> None:
    folder, threads, repeats = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    manifest = json.loads((folder / "manifest.json").read_text())
    goldens = json.loads((folder / manifest["goldens"]).read_text())
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    costs = {}
    for role, golden in goldens.items():
        path = folder / manifest["graphs"][role]["file"]
        session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        known = {node.name for node in session.get_inputs()}
        feeds = {
            name: golden_input(formula)
            for name, formula in golden["inputs"].items()
            if name in known
        }
        costs[role] = time_graph(session, feeds, repeats)
    print(json.dumps({"version": ort.__version__, "costs": costs}))


main()

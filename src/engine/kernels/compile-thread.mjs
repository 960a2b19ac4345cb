// A thread of its own: the compiler's 450 MB go with it, which a process that works on for days would keep.
import { parentPort, workerData } from "node:worker_threads";
import { main } from "assemblyscript/asc";

let compiled = null;
const { error, stderr } = await main(workerData, {
  writeFile(file, contents) {
    if (file.endsWith(".wasm")) compiled = contents;
  },
});
parentPort?.postMessage({ compiled, complaint: error ? `${error.message}: ${stderr}` : "" });

import { availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";

/** What the numbers were measured on, in one line. */
export function machineLine(): string {
  const model = cpus()[0]?.model.trim() || "unknown processor";
  const cores = availableParallelism();
  return [
    `${model}, ${cores} ${cores === 1 ? "core" : "cores"}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `load ${loadavg()[0]?.toFixed(1)}`,
    `${platform()} ${release()}`,
    `Node ${process.version}`,
  ].join(", ");
}

import { readdirSync, readFileSync } from "node:fs";

/** Elsewhere only this process is seen. */
export const SEES_CHILDREN = process.platform === "linux";

interface ProcessStat {
  readonly parent: number;
  readonly ownTicks: number;
  /** Of children that it has waited for. */
  readonly endedTicks: number;
}

/** Processor time of children that ended and of descendants that run, from /proc (proc(5)), whose tick is 10 ms. */
export function childrenMillis(): number {
  const processes = readProcesses();
  let ticks = processes.get(process.pid)?.endedTicks ?? 0;
  for (const pid of descendants(processes)) {
    const stat = processes.get(pid);
    ticks += (stat?.ownTicks ?? 0) + (stat?.endedTicks ?? 0);
  }
  return 10 * ticks;
}

/** Of Chromium's processes below this one, those of a kind: "renderer", "gpu-process", "utility". */
export type ChromiumProcess = "renderer" | "gpu-process" | "utility";

/** Processor time of running processes of a kind. */
export function chromiumMillis(type: ChromiumProcess): number {
  const processes = readProcesses();
  const ticks = descendants(processes)
    .filter((pid) => isOfType(pid, type))
    .map((pid) => processes.get(pid)?.ownTicks ?? 0);
  return 10 * ticks.reduce((sum, own) => sum + own, 0);
}

/** The most memory that any running process of a kind has held so far, MB; 0 where none can be seen. */
export function chromiumPeakMegabytes(type: ChromiumProcess): number {
  return largestMegabytes(type, "VmHWM");
}

/** The memory of the largest running process of a kind, MB; 0 where none can be seen. */
export function chromiumMegabytes(type: ChromiumProcess): number {
  return largestMegabytes(type, "VmRSS");
}

function largestMegabytes(type: ChromiumProcess, field: string): number {
  if (!SEES_CHILDREN) return 0;
  const sizes = descendants(readProcesses())
    .filter((pid) => isOfType(pid, type))
    .map((pid) => statusMegabytes(pid, field));
  return Math.max(0, ...sizes);
}

function descendants(processes: ReadonlyMap<number, ProcessStat>): number[] {
  return [...processes.keys()].filter((pid) => pid !== process.pid && descends(pid, processes));
}

function descends(pid: number, processes: ReadonlyMap<number, ProcessStat>): boolean {
  const parent = processes.get(pid)?.parent;
  if (parent === undefined || parent === 0) return false;
  return parent === process.pid || descends(parent, processes);
}

function readProcesses(): Map<number, ProcessStat> {
  if (!SEES_CHILDREN) return new Map();
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return new Map(pids.flatMap((name) => readStat(Number(name))));
}

/** Empty for a process that has just gone. */
function readStat(pid: number): [number, ProcessStat][] {
  const stat = readProc(pid, "stat");
  if (stat === null) return [];
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [, parent] = fields;
  return [
    [pid, { parent, ownTicks: fields[11] + fields[12], endedTicks: fields[13] + fields[14] }],
  ];
}

function isOfType(pid: number, type: ChromiumProcess): boolean {
  return readProc(pid, "cmdline")?.includes(`--type=${type}`) ?? false;
}

/** A line of proc(5)'s status. */
function statusMegabytes(pid: number, field: string): number {
  const kilobytes = readProc(pid, "status")?.match(new RegExp(`^${field}:\\s+(\\d+) kB`, "m"))?.[1];
  return Number(kilobytes ?? 0) / 1000;
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return null;
  }
}

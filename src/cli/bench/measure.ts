import { childrenMillis, SEES_CHILDREN } from "./processes.ts";

/** One line of the result. `ratio` is `value / reference.value`. */
export interface BenchRow {
  readonly section: string;
  readonly what: string;
  readonly value: number;
  readonly unit: "ms" | "cpu ms" | "kB gzip" | "MB" | "GFLOP/s" | "px" | "%";
  readonly reference?: { readonly what: string; readonly value: number };
  readonly note?: string;
}

/** A section either measures or says why it cannot here. */
export type Report = (row: Omit<BenchRow, "section">) => void;
export type Section = (
  report: Report,
  skip: (why: string) => void,
  options: SectionOptions,
) => Promise<void>;

export interface SectionOptions {
  /** A commit whose build is measured in turns with this one; sections without a build go without. */
  readonly against?: string | undefined;
}

export interface Cost {
  readonly wallMillis: number;
  /** Of this process and, on Linux, of all that it started. */
  readonly cpuMillis: number;
}

/** Two rows, processor time and wall time; the first only where it can be measured. */
export function reportCost(
  report: Report,
  cost: Cost,
  row: {
    readonly what: string;
    readonly reference?: { readonly what: string; readonly cost: Cost };
    readonly note?: string;
  },
): void {
  const { what, reference, note } = row;
  for (const [field, unit] of [
    ["cpuMillis", "cpu ms"],
    ["wallMillis", "ms"],
  ] as const) {
    if (field === "cpuMillis" && !SEES_CHILDREN) continue;
    report({
      what,
      value: cost[field],
      unit,
      ...(reference ? { reference: { what: reference.what, value: reference.cost[field] } } : {}),
      ...(note ? { note } : {}),
    });
  }
}

/** Gives the cost since it was made. */
export function stopwatch(): () => Cost {
  const cpu = cpuMillis();
  const started = performance.now();
  return () => ({ wallMillis: performance.now() - started, cpuMillis: cpuMillis() - cpu });
}

export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const since = stopwatch();
  await work();
  return since();
}

/** Costs of each piece of work, in turns, so that a busy moment meets all of them; medians. */
export async function compareCosts<K extends string>(
  works: Readonly<Record<K, () => Promise<unknown>>>,
  repeats: number,
): Promise<Record<K, Cost>> {
  const names = Object.keys(works) as K[];
  const costs = new Map<K, Cost[]>(names.map((name) => [name, []]));
  for (let i = 0; i < repeats; i++) {
    for (const name of names) costs.get(name)?.push(await costOf(works[name]));
  }
  const summary = names.map((name) => [name, medianCost(costs.get(name) ?? [])] as const);
  return Object.fromEntries(summary) as Record<K, Cost>;
}

export function medianCost(costs: readonly Cost[]): Cost {
  return {
    wallMillis: median(costs.map((cost) => cost.wallMillis)),
    cpuMillis: median(costs.map((cost) => cost.cpuMillis)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function cpuMillis(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + childrenMillis();
}

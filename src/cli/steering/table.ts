import { randomStream } from "../../engine/random/philox.ts";
import { type Ground, type GroundKind, mean, type Scores } from "./scores.ts";

/** The scores of one way on one set, a case each; the source says which cases belong together. */
export interface Scored {
  readonly source: string;
  readonly scores: Scores;
}

const RESAMPLES = 1000;
const BOOTSTRAP_STREAM = 12;

/** Mean over sources of the mean over a source's cases; cases without a value are left out. */
export function bySource(cases: readonly Scored[], value: (scores: Scores) => number): number {
  return mean([...sourceMeans(cases, value).values()]);
}

function sourceMeans(cases: readonly Scored[], value: (scores: Scores) => number) {
  const groups = new Map<string, number[]>();
  for (const { source, scores } of cases) {
    const v = value(scores);
    if (Number.isFinite(v)) groups.set(source, [...(groups.get(source) ?? []), v]);
  }
  return new Map([...groups].map(([source, values]) => [source, mean(values)]));
}

/**
 * Ratio of two ways' means by source with its 90 % interval, bootstrapped over sources (both ways
 * drawn together).
 */
export function ratio(
  cases: readonly Scored[],
  reference: readonly Scored[],
  value: (scores: Scores) => number,
): { readonly value: number; readonly low: number; readonly high: number } {
  const [a, b] = [sourceMeans(cases, value), sourceMeans(reference, value)];
  const sources = [...a.keys()].filter((source) => b.has(source));
  const of = (chosen: readonly string[]) =>
    mean(chosen.map((s) => a.get(s) ?? 0)) / mean(chosen.map((s) => b.get(s) ?? 0));
  const random = randomStream(1, BOOTSTRAP_STREAM);
  const draws = Array.from({ length: RESAMPLES }, () =>
    of(sources.map(() => sources[random.below(sources.length)])),
  ).sort((x, y) => x - y);
  const at = (q: number) => draws[Math.floor(q * (RESAMPLES - 1))];
  return { value: of(sources), low: at(0.05), high: at(0.95) };
}

const px = (value: number) => (Number.isFinite(value) ? value.toFixed(1) : "–");

/** One Markdown table a set of pins. `results`: set → way → cases. */
export function steeringTables(
  results: ReadonlyMap<string, ReadonlyMap<string, readonly Scored[]>>,
): string {
  return [...results].map(([set, ways]) => setTable(set, ways)).join("\n\n");
}

function setTable(set: string, ways: ReadonlyMap<string, readonly Scored[]>): string {
  const free = ways.get("free") ?? [];
  const groups = Object.keys(free[0]?.scores.groups ?? {});
  const head = [
    "way",
    "energy",
    "error",
    "energy, × free [90 %]",
    "error, × free [90 %]",
    "minADE",
    ...groups,
    "adherence",
    "inside all",
  ];
  const rows = [...ways].map(([name, cases]) => {
    const toFree = (value: (scores: Scores) => number) => {
      const of = ratio(cases, free, value);
      return `${of.value.toFixed(3)} [${of.low.toFixed(2)}, ${of.high.toFixed(2)}]`;
    };
    return [
      name,
      px(bySource(cases, ({ energy }) => energy)),
      px(bySource(cases, ({ error }) => error)),
      toFree(({ energy }) => energy),
      toFree(({ error }) => error),
      px(bySource(cases, ({ minAde }) => minAde)),
      ...groups.map((group) => px(bySource(cases, (scores) => scores.groups[group]))),
      bySource(cases, ({ adherence }) => adherence).toFixed(2),
      bySource(cases, ({ coverage }) => coverage).toFixed(2),
    ];
  });
  const title = `${set}: ${free.length} clips of ${new Set(free.map(({ source }) => source)).size} sources`;
  return [title, "", ...table(head, rows), "", LEAK, "", ...leakTable(ways)].join("\n");
}

const LEAK = `Points that stand in truth: share, how far they are moved from the free future, px, and their error, px, free → completed`;
const KINDS: readonly (readonly [GroundKind, string])[] = [
  ["all", "all still points"],
  ["at rest", "which the free future leaves within 1 px"],
  ["taken away", "which it takes away"],
];

/** What pins elsewhere make of still points, apart for those that were at rest without them. */
function leakTable(ways: ReadonlyMap<string, readonly Scored[]>): string[] {
  const rows = [...ways].map(([name, cases]) => [
    name,
    ...KINDS.map(([kind]) => {
      const of = (value: (ground: Ground) => number) =>
        bySource(cases, ({ ground }) => value(ground[kind])).toFixed(2);
      const errors = `${of(({ freeError }) => freeError)} → ${of(({ error }) => error)}`;
      return `${of(({ share }) => share)}: ${of(({ moved }) => moved)}, ${errors}`;
    }),
  ]);
  return table(["way", ...KINDS.map(([, title]) => title)], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

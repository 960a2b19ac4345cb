import type { Outcome, Result } from "./drive.ts";
import type { Memory } from "./memory.ts";

export interface Report {
  readonly outcomes: readonly Outcome[];
  readonly machine: string;
  readonly memory: readonly { readonly before: Memory; readonly after: Memory; files: number }[];
}

const RESULTS: readonly Result[] = ["opened", "refused", "unreadable", "untyped", "hang", "crash"];

/** The report as a section of Markdown. */
export function markdown({ outcomes, machine, memory }: Report): string {
  const groups = [...new Set(outcomes.map(({ group }) => group))];
  const rows = [...groups, null].map((group) => {
    const own = outcomes.filter((outcome) => group === null || outcome.group === group);
    const counts = RESULTS.map((result) => own.filter((o) => o.result === result).length);
    const slowest = Math.max(...own.map(({ millis }) => millis)) / 1000;
    return [group ?? "**all**", own.length, ...counts, slowest.toFixed(1)];
  });
  const head = ["group", "files", ...RESULTS, "slowest, s"];
  const lines = [head, head.map((_, i) => (i === 0 ? "---" : "--:")), ...rows];
  return [
    ...lines.map((row) => `| ${row.join(" | ")} |`),
    "",
    "`refused` and `unreadable` are typed messages, on opening and on reading; `untyped`, `hang` and",
    "`crash` would be faults of the studio.",
    "",
    ...memory.map(memoryLine),
    `Machine: ${machine}.`,
  ].join("\n");
}

function memoryLine({ before, after, files }: Report["memory"][number]): string {
  const change = (a: number, b: number) => `${(a / 1e6).toFixed(0)} → ${(b / 1e6).toFixed(0)} MB`;
  return `Memory over ${files} files in one page, the same clip open before and after: ${change(before.counted, after.counted)} counted by the browser, ${change(before.resident, after.resident)} resident, ${before.workers} → ${after.workers} workers.\n`;
}

/** Puts `section` between the two marks of `name` in a Markdown text. */
export function replaceSection(text: string, name: string, section: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the text has no section ${name}`);
  return `${text.slice(0, from + start.length)}\n${section}\n${text.slice(to)}`;
}

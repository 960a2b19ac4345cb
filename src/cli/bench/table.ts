import type { BenchRow } from "./measure.ts";

const HEAD = ["section", "what", "value", "reference", "ratio", "note"] as const;

/** The rows as a Markdown table with aligned columns. */
export function formatTable(rows: readonly BenchRow[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const text = (line: readonly string[]) =>
    `| ${line.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [text(HEAD), rule, ...lines.slice(1).map(text)].join("\n");
}

function cells({ section, what, value, unit, reference, note }: BenchRow): readonly string[] {
  return [
    section,
    what,
    `${rounded(value)} ${unit}`,
    reference ? `${rounded(reference.value)} (${reference.what})` : "",
    reference ? `${(value / reference.value).toFixed(2)}×` : "",
    note ?? "",
  ];
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

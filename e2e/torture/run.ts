import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { machineLine } from "../../src/cli/bench/machine.ts";
import { readFlags } from "../../src/cli/read-flags.ts";
import { type Case, corpus } from "./corpus.ts";
import { BAD_RESULTS, drive, type Outcome } from "./drive.ts";
import { type Memory, measureMemory } from "./memory.ts";
import { openSite, type Site } from "./site.ts";
import { markdown, type Report, replaceSection } from "./table.ts";

const USAGE = `npm run torture -- [--rounds N] [--seed N] [--minutes N] [--dist DIR] [--fresh] [--write]
Drives damaged and odd files through the built page. What was done is kept, so a run that ends
goes on where it stopped; --write puts the table into e2e/README.md.`;

const { values: flags } = readFlags(USAGE, {
  options: {
    rounds: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "60" },
    dist: { type: "string" },
    fresh: { type: "boolean" },
    write: { type: "boolean" },
  },
});

const FOLDER = resolve(import.meta.dirname, "../../.cache/torture");
const OUTCOMES = resolve(FOLDER, `outcomes-${flags.seed}.jsonl`);
const MEMORY = resolve(FOLDER, `memory-${flags.seed}.jsonl`);
const README = resolve(import.meta.dirname, "../README.md");
/** The page is asked to hold no more after as many files as these. */
const BATCH = 150;
/** Opened before the first look at memory, so that every decoder has been loaded once. */
const WARM_UP = ["h264-bframes.mp4", "mpeg4.avi", "animated.gif", "photo.png", "vp8.webm"];

function readLines<T>(path: string): T[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as T);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Drives `batch` through one page; false once the page has crashed. */
async function driveBatch(site: Site, batch: readonly Case[], all: readonly Case[]): Promise<void> {
  const page = await site.open();
  const before = await settledMemory(page, all);
  let files = 0;
  for (const file of batch) {
    const outcome = await drive(page, file);
    appendFileSync(OUTCOMES, `${JSON.stringify(outcome)}\n`);
    files++;
    if (BAD_RESULTS.includes(outcome.result))
      say(`${outcome.result}: ${outcome.name}, ${outcome.says}`);
    if (outcome.result === "crash" || outcome.result === "hang") {
      await page.context().close();
      return;
    }
  }
  const after = await settledMemory(page, all);
  appendFileSync(MEMORY, `${JSON.stringify({ before, after, files })}\n`);
  await page.context().close();
}

/** Memory with the same clip open, after all that was started has ended. */
async function settledMemory(page: Page, all: readonly Case[]): Promise<Memory> {
  for (const name of WARM_UP) {
    const file = all.find((c) => c.name === name);
    if (file) await drive(page, file);
  }
  const last = all.find((c) => c.name === WARM_UP[0]);
  if (last) await drive(page, last);
  await new Promise((done) => setTimeout(done, 15_000));
  return measureMemory(page);
}

mkdirSync(FOLDER, { recursive: true });
if (flags.fresh) for (const path of [OUTCOMES, MEMORY]) rmSync(path, { force: true });
const all = await corpus(Number(flags.rounds), Number(flags.seed));
const done = new Set(readLines<Outcome>(OUTCOMES).map(({ name }) => name));
const waiting = all.filter(({ name }) => !done.has(name));
say(`${all.length} files, ${waiting.length} to go`);
const until = performance.now() + Number(flags.minutes) * 60_000;
const site = await openSite(flags.dist);
try {
  while (waiting.length > 0 && performance.now() < until) {
    const known = readLines<Outcome>(OUTCOMES).length;
    await driveBatch(site, waiting.slice(0, BATCH), all);
    waiting.splice(0, readLines<Outcome>(OUTCOMES).length - known);
    say(`${waiting.length} to go`);
  }
} finally {
  await site.close();
}
const names = new Set(all.map(({ name }) => name));
const outcomes = readLines<Outcome>(OUTCOMES).filter(({ name }) => names.has(name));
const memory = readLines<Report["memory"][number]>(MEMORY);
const table = markdown({ outcomes, memory, machine: machineLine() });
say(table);
const wrong = outcomes.filter(
  ({ name, result }) =>
    BAD_RESULTS.includes(result) ||
    (result !== "opened" && all.find((c) => c.name === name)?.expect === "opens"),
);
for (const { name, result, says } of wrong) say(`WRONG ${result}: ${name}, ${says}`);
if (flags.write) {
  writeFileSync(README, replaceSection(readFileSync(README, "utf8"), "torture", table));
}
process.exitCode = wrong.length > 0 ? 1 : 0;

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 });

function run(
  name: string,
  ...words: string[]
): Promise<{ code: number; out: string; err: string }> {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  return new Promise((done) => {
    execFile(process.execPath, ["--import", "tsx", script, ...words], (error, out, err) =>
      done({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

const COMMANDS = ["bench", "export", "forecast", "serve", "steering", "tracks"];
const REPORTS = ["fields", "made-scenes", "relief-report", "reliefs", "tracking-report"];
const BROWSER = ["torture/run", "torture/endurance", "fingerprint/run"];
const ALL = [...COMMANDS, ...REPORTS, ...BROWSER.map((name) => `../../e2e/${name}`)];

test.each(ALL)("%s tells how it is called, and which flag it does not know", async (name) => {
  const [help, wrong] = await Promise.all([run(name, "--help"), run(name, "--futurs")]);
  expect(help.code).toBe(0);
  const [called] = help.out.split("\n");
  expect(called).toMatch(/^(npm run |npx tsx |tsx )/);
  expect(wrong.code).not.toBe(0);
  expect(wrong.err).toContain("--futurs");
  expect(wrong.err).toContain(called);
  expect(wrong.err).not.toMatch(/parse_args|\n +at /);
});

test.each([
  [["forecast", "marbles.mp4", "--out", "package.json/x"], /package\.json.* cannot be a folder/],
  [["forecast", "marbles.mp4", "--out", "OUT", "--edits", "no.json"], /There is no no\.json/],
  [["tracks", "marbles.mp4", "--out", "package.json/x"], /cannot be a folder/],
  [["tracks", "marbles.mp4", "--out", "OUT", "--at", "2"], /--at 2 .* from 0 to 1/],
  [["tracks", "a/cup.mp4", "b/cup.mp4", "--out", "OUT"], /Two clips are named cup/],
  [["export", "no.json", "--format", "csv", "--out", "OUT/x.csv"], /There is no no\.json/],
  [["steering", "--clips", "nowhere", "--tracks", "nowhere"], /There is no nowhere/],
  [["relief-report", "no.npz"], /There is no no\.npz/],
] as const)("%j fails before the work, in words", async ([name, ...words], told) => {
  const folder = await mkdtemp(join(tmpdir(), "words-"));
  const given = words.map((word) => word.replace("OUT", folder));
  const { code, err } = await run(name, ...given);
  await rm(folder, { recursive: true });
  expect(code).not.toBe(0);
  expect(err).toMatch(told);
  expect(err).not.toMatch(/ENO|\n +at /);
});

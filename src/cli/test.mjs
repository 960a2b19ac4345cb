// Everything: `npm test`, or some of it: `npm test -- check build python batch e2e`.
// Plain Node, so that it runs before any install.
import { join } from "node:path";
import { ensureBrowser } from "./setup/browser.mjs";
import { ensurePackages, ROOT, requireNode } from "./setup/packages.mjs";
import { runKept, say } from "./setup/process.mjs";
import { ensureBatch, ensurePython, ensureSpaceReaders, ensureStores } from "./setup/python.mjs";

const bin = (path) => [join(ROOT, "node_modules", path)];

/** Each step gives an exit code and the end of what it printed. */
const STEPS = {
  async check() {
    say("Types, lint, unit tests");
    const commands = [
      [...bin("typescript/bin/tsc"), "--noEmit"],
      [...bin("@biomejs/biome/bin/biome"), "check", "--error-on-warnings", "."],
      [...bin("vitest/vitest.mjs"), "run"],
    ];
    for (const command of commands) {
      const ended = await runKept(process.execPath, command, { cwd: ROOT });
      if (ended.code !== 0) return ended;
    }
    return { code: 0, lastLines: "" };
  },
  build() {
    say("Production build");
    return runKept(process.execPath, [...bin("vite/bin/vite.js"), "build"], { cwd: ROOT });
  },
  async python() {
    const python = await ensurePython();
    if (!(await ensureSpaceReaders(python))) {
      say(
        "Readers of glTF, USD, PLY and COLMAP cannot be installed here: their tests are left out",
      );
    }
    say(`Python under models: lint, types, tests, with ${python}`);
    const tests = ["pytest", "-q", "--ignore=tests/batch"];
    for (const command of [["ruff", "check", "."], ["mypy"], tests]) {
      const ended = await runKept(python, ["-m", ...command], { cwd: join(ROOT, "models") });
      if (ended.code !== 0) return ended;
    }
    return { code: 0, lastLines: "" };
  },
  async batch() {
    const python = await ensurePython();
    if (!(await ensureBatch(python))) {
      say("Ray cannot be installed here: the tests of foretrack batch are left out");
      return { code: 0, lastLines: "", left: true };
    }
    if (!(await ensureStores(python))) say("The store gs:// stays untried: its driver is missing");
    say("Batches: clusters of Ray on this machine");
    return runKept(python, ["-m", "pytest", "-q", "tests/batch"], { cwd: join(ROOT, "models") });
  },
  async e2e() {
    const browser = await ensureBrowser();
    say(`End-to-end tests in ${browser}`);
    const env = { ...process.env, FORETRACK_CHROMIUM: browser };
    return runKept(process.execPath, [...bin("@playwright/test/cli.js"), "test"], {
      cwd: ROOT,
      env,
    });
  },
};

requireNode();
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in STEPS));
if (unknown) {
  console.error(`There is no step “${unknown}”. Steps: ${Object.keys(STEPS).join(", ")}`);
  process.exit(2);
}
await ensurePackages();
const results = [];
for (const name of asked.length > 0 ? asked : Object.keys(STEPS)) {
  const started = performance.now();
  const { code, lastLines, left } = await STEPS[name]();
  results.push({
    name,
    code,
    lastLines,
    left,
    secs: Math.round((performance.now() - started) / 1000),
  });
  // Without a build there is nothing for the browser to open.
  if (code !== 0 && name === "build") break;
}
// A failure far up is read again at the end; that of the last step stands there anyway.
for (const { name, lastLines } of results.slice(0, -1).filter(({ code }) => code !== 0)) {
  say(`How ${name} ended`);
  console.log(lastLines);
}
say("Summary");
for (const { name, code, left, secs } of results) {
  console.log(
    `${code !== 0 ? "FAILED" : left ? "skipped" : "passed"}  ${name.padEnd(7)} ${secs} s`,
  );
}
process.exit(results.some(({ code }) => code !== 0) ? 1 : 0);

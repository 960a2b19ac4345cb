import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { standardText } from "./licence-texts.ts";

/** A package that the studio, or a model pack that it brings, is built from. */
export interface Notice {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly licence: string;
  readonly source: string;
  readonly text: string;
}

interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
}

interface PackageJson {
  readonly license?: string;
  readonly author?: string | { readonly name?: string };
  readonly repository?: string | { readonly url?: string };
  readonly homepage?: string;
}

/** Where model packs lie that the studio brings; each may tell its own notices. */
const PACKS = "public/packs";

/** Every production dependency of the lock file with its licence, by name, then what packs hold. */
export async function collectNotices(root: string): Promise<Notice[]> {
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8"));
  const entries = Object.entries(lock.packages as Record<string, LockEntry>);
  const used = entries.filter(([path, { dev }]) => path !== "" && !dev);
  const installed = used.filter(([path]) => existsSync(join(root, path, "package.json")));
  const packages = await Promise.all(installed.map(([path, entry]) => noticeOf(root, path, entry)));
  return [...packages, ...(await packNotices(root))];
}

async function packNotices(root: string): Promise<Notice[]> {
  const packs = await readdir(join(root, PACKS));
  const files = packs.map((pack) => join(root, PACKS, pack, "notices.json")).filter(existsSync);
  const told = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return told.flatMap((text) => JSON.parse(text) as Notice[]);
}

async function noticeOf(root: string, path: string, entry: LockEntry): Promise<Notice> {
  const folder = join(root, path);
  const json: PackageJson = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const licence = entry.license ?? json.license;
  if (!licence) throw new Error(`${path} names no licence`);
  const file = (await readdir(folder)).find((name) => /^(?:licen[cs]e|copying)/i.test(name));
  const author = typeof json.author === "string" ? json.author : json.author?.name;
  return {
    name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
    version: entry.version ?? "",
    licence,
    source: sourceOf(json),
    text: file
      ? await readFile(join(folder, file), "utf8")
      : standardText(licence, author ?? "its authors"),
  };
}

function sourceOf({ repository, homepage }: PackageJson): string {
  const url = typeof repository === "string" ? repository : repository?.url;
  const plain = url?.replace(/^git\+/, "").replace(/\.git$/, "") ?? homepage ?? "";
  return /^[\w.-]+\/[\w.-]+$/.test(plain) ? `https://github.com/${plain}` : plain;
}

const GPL_NOTE = `<p>This studio decodes what the browser cannot with
<strong>ffmpeg</strong>, as the separate WebAssembly program of <code>@ffmpeg/core</code>, which is
free software under the <a href="licences/GPL-2.0.txt">GNU General Public License, version 2</a> or
later. It comes unchanged and without any warranty. Its complete source and build scripts are at
<a href="https://github.com/ffmpegwasm/ffmpeg.wasm">github.com/ffmpegwasm/ffmpeg.wasm</a>.</p>`;

/** The notices page: one self-contained document, styled by `notices.css`. */
export async function renderNotices(root: string): Promise<string> {
  const sections = (await collectNotices(root)).map(
    ({ name, version, licence, source, text }) => `<section id="${escapeHtml(name)}">
<h2>${escapeHtml(name)} ${escapeHtml(version)}</h2>
<p>${escapeHtml(licence)}${source ? ` · <a href="${escapeHtml(source)}">${escapeHtml(source)}</a>` : ""}</p>
<details><summary>Licence</summary><pre tabindex="0">${escapeHtml(text.trim())}</pre></details>
</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark">
<title>Foretrack: notices</title>
<link rel="stylesheet" href="notices.css">
</head>
<body>
<main>
<h1>Notices</h1>
<p><a href="./">Back to the studio</a></p>
<p>Foretrack is under the Apache License 2.0. It is built from the packages below; each keeps its
own licence.</p>
${GPL_NOTE}
${sections.join("\n")}
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

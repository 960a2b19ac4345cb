import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { readFlags } from "../../src/cli/read-flags.ts";
import { StudioPage } from "../studio.ts";
import { openSite, type Site } from "../torture/site.ts";

const USAGE = `npm run fingerprint -- CLIP… [--futures N] [--out FILE]
Forecasts each clip in the page and by the command and prints a hash of the tracks, the futures and
the bytes of five exports. Run before and after a change that should change nothing, and compare.`;

const ROOT = resolve(import.meta.dirname, "../..");
const FORMATS = {
  "comfyui-wanmove": "ComfyUI · WanMove",
  ati: "ATI",
  trajloom: "TrajLoom",
  csv: "CSV",
  "kjnodes-spline": "KJNodes SplineEditor",
} as const;

interface SavedForecast {
  readonly history: unknown;
  readonly futures: readonly unknown[];
}

const run = promisify(execFile);
const hash = (data: string | Uint8Array) =>
  createHash("sha256").update(data).digest("hex").slice(0, 16);

/** The parts of a Foretrack JSON that are not labels. */
function partsOf(bytes: Uint8Array): Record<string, string> {
  const saved = JSON.parse(new TextDecoder().decode(bytes)) as SavedForecast;
  return {
    tracks: hash(JSON.stringify(saved.history)),
    futures: hash(JSON.stringify(saved.futures)),
  };
}

async function byCommand(clip: string, futures: number, folder: string) {
  const tsx = join(ROOT, "node_modules/.bin/tsx");
  const count = ["--futures", String(futures)];
  await run(tsx, ["src/cli/forecast.ts", clip, "--out", folder, ...count], { cwd: ROOT });
  const json = join(folder, "forecast.json");
  const found = partsOf(await readFile(json));
  for (const name of Object.keys(FORMATS)) {
    const out = join(folder, `${name}.zip`);
    const args = ["src/cli/export.ts", json, "--format", name, "--future", "1", "--out", out];
    await run(tsx, args, { cwd: ROOT });
    found[name] = hash(await readFile(out));
  }
  return found;
}

async function byPage(site: Site, clip: string, futures: number, folder: string) {
  const page = await site.open();
  try {
    const studio = new StudioPage(page);
    await studio.openFile(clip);
    await page.getByRole("spinbutton", { name: "How many to sample" }).fill(String(futures));
    await studio.run(studio.forecast);
    const json = await studio.save("Foretrack JSON");
    await writeFile(join(folder, "page.json"), json.bytes);
    const found = partsOf(json.bytes);
    for (const [name, label] of Object.entries(FORMATS)) {
      found[name] = hash((await studio.save(label)).bytes);
    }
    return found;
  } finally {
    await page.context().close();
  }
}

const { values, positionals } = readFlags(USAGE, {
  allowPositionals: true,
  options: { futures: { type: "string", default: "2" }, out: { type: "string" } },
});
const lines: string[] = [];
const say = (line: string) => {
  lines.push(line);
  process.stdout.write(`${line}\n`);
};
const site = await openSite();
try {
  for (const clip of positionals) {
    const folder = await mkdtemp(join(tmpdir(), "foretrack-"));
    const ways = {
      command: await byCommand(resolve(clip), Number(values.futures), folder),
      page: await byPage(site, resolve(clip), Number(values.futures), folder),
    };
    for (const [way, found] of Object.entries(ways)) {
      for (const [part, value] of Object.entries(found)) {
        say(`${basename(clip)}\t${way}\t${part}\t${value}`);
      }
    }
    await rm(folder, { recursive: true });
  }
} finally {
  await site.close();
}
if (values.out) await writeFile(values.out, `${lines.join("\n")}\n`);

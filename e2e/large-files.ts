// npx tsx e2e/large-files.ts FILE...: opens files of any size in the built page, each in a fresh
// one, and prints rows of the table in README.md. Not among the tests: the files are gigabytes.
import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { peakResident } from "./torture/memory.ts";
import { openSite } from "./torture/site.ts";

const PATIENCE_MILLIS = 300_000;

async function row(path: string): Promise<string> {
  const site = await openSite();
  try {
    const page = await site.open();
    page.setDefaultTimeout(PATIENCE_MILLIS);
    const began = performance.now();
    const secs = () => ((performance.now() - began) / 1000).toFixed(1);
    const picture = async (index: number) => {
      await page.locator(`[data-picture="${index}"]`).waitFor({ state: "attached" });
      return secs();
    };
    await page.getByLabel("Open clip").setInputFiles(path);
    const status = page.getByRole("status").filter({ hasText: "is open" });
    await status.waitFor({ state: "attached" });
    const open = secs();
    const frames = Number(/(\d+) frames/.exec((await status.textContent()) ?? "")?.[1]);
    await page.getByRole("slider", { name: "Playhead" }).fill("1");
    const first = await picture(0);
    await page.getByRole("slider", { name: "Playhead" }).fill(String(frames));
    const last = await picture(frames - 1);
    const size = `${(statSync(path).size / 1e9).toFixed(2)} GB`;
    const peak = ((await peakResident(site.browser)) / 1e6).toFixed(0);
    return `| ${basename(path)}, ${size} | ${frames} | ${open} | ${first} | ${last} | ${peak} |`;
  } finally {
    await site.close();
  }
}

for (const file of process.argv.slice(2)) console.log(await row(resolve(file)));

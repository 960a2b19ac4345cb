import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { firstLoad } from "./first-load.ts";
import type { Section } from "./measure.ts";

const DIST = fileURLToPath(new URL("../../../dist/", import.meta.url));
/** What the page may weigh before the first interaction, app code and styles. */
const BUDGET_KB = 350;

/** Code that the built page loads before anyone touches it. */
export const benchBundle: Section = async (report, skip) => {
  if (!existsSync(`${DIST}index.html`)) {
    skip("there is no build: npm run build");
    return;
  }
  const files = await firstLoad(DIST);
  const total = files.reduce((sum, file) => sum + file.gzipBytes, 0);
  report({
    what: `${files.length} files before the first interaction`,
    value: total / 1000,
    unit: "kB gzip",
    reference: { what: "budget", value: BUDGET_KB },
  });
  for (const { path, gzipBytes } of files) {
    report({ what: path, value: gzipBytes / 1000, unit: "kB gzip" });
  }
};

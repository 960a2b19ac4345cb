import { readFlags } from "../../src/cli/read-flags.ts";
import { serveTinyModel } from "../tiny-model.ts";
import { growth, resampleOften } from "./resample.ts";
import { openSite } from "./site.ts";

const USAGE = `npm run endurance -- [--count N] [--futures N] [--tiny] [--dist DIR]
Resamples again and again in one page and prints what its memory does.`;

const { values: flags } = readFlags(USAGE, {
  options: {
    count: { type: "string", default: "200" },
    futures: { type: "string", default: "8" },
    tiny: { type: "boolean" },
    dist: { type: "string" },
  },
});

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

const site = await openSite(flags.dist);
try {
  const page = await site.open();
  if (flags.tiny) await serveTinyModel(page);
  process.stdout.write("| resamples | counted by the browser, MB | resident, MB | workers |\n");
  process.stdout.write("|--:|--:|--:|--:|\n");
  const settings = { count: Number(flags.count), futures: Number(flags.futures), readings: 7 };
  const readings = await resampleOften(page, settings, (reading) => {
    const { resamples, counted, resident, workers } = reading;
    const row = [resamples, megabytes(counted), megabytes(resident), workers];
    process.stdout.write(`| ${row.join(" | ")} |\n`);
  });
  const counted = growth(readings, (reading) => reading.counted);
  const resident = growth(readings, (reading) => reading.resident);
  process.stdout.write(`growth: ${percent(counted)} counted, ${percent(resident)} resident\n`);
} finally {
  await site.close();
}

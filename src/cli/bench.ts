import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { benchBundle } from "./bench/bundle.ts";
import { benchCamera } from "./bench/camera.ts";
import { benchClips } from "./bench/clips.ts";
import { benchDecode } from "./bench/decode.ts";
import { benchEdits } from "./bench/edits.ts";
import { machineLine } from "./bench/machine.ts";
import type { BenchRow, Section } from "./bench/measure.ts";
import { benchModel } from "./bench/model.ts";
import { benchPage } from "./bench/page.ts";
import { benchPhoto } from "./bench/photo.ts";
import { benchRelief } from "./bench/relief.ts";
import { benchRender } from "./bench/render.ts";
import { benchSpace } from "./bench/space.ts";
import { formatTable } from "./bench/table.ts";
import { benchTracking } from "./bench/tracking.ts";
import { readFlags } from "./read-flags.ts";

const SECTIONS: Readonly<Record<string, Section>> = {
  decode: benchDecode,
  tracking: benchTracking,
  relief: benchRelief,
  space: benchSpace,
  model: benchModel,
  edits: benchEdits,
  photo: benchPhoto,
  camera: benchCamera,
  page: benchPage,
  clips: benchClips,
  render: benchRender,
  bundle: benchBundle,
};

const USAGE = `npm run bench -- [SECTION...] [--against COMMIT] [--out FILE.json]
Speed beside references measured in the same run. Sections: ${Object.keys(SECTIONS).join(", ")}.
page, clips and bundle look at the build: npm run build first. With --against, page takes turns with the build of
that commit, which it makes from the repository's history.`;

async function main(): Promise<void> {
  const { values, positionals } = readFlags(USAGE, {
    allowPositionals: true,
    options: {
      against: { type: "string" },
      out: { type: "string" },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(SECTIONS);
  const unknown = names.find((name) => !Object.hasOwn(SECTIONS, name));
  if (unknown) {
    console.error(`There is no section "${unknown}".\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const machine = machineLine();
  console.log(`${machine}\n`);
  const rows: BenchRow[] = [];
  const skipped: { section: string; why: string }[] = [];
  for (const section of names) {
    process.stderr.write(`${section} …\n`);
    const note = (why: string) => skipped.push({ section, why });
    try {
      await SECTIONS[section]((row) => rows.push({ section, ...row }), note, {
        against: values.against,
      });
    } catch (error) {
      note(`failed: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
  console.log(formatTable(rows));
  for (const { section, why } of skipped) console.log(`${section}: ${why}`);
  if (!values.out) return;
  const result = { machine, date: new Date().toISOString(), rows, skipped };
  await mkdir(dirname(values.out), { recursive: true });
  await writeFile(values.out, `${JSON.stringify(result, null, 2)}\n`);
}

await main();

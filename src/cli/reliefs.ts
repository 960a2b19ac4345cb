import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { WORKING_SIZE } from "../domain/studio-defaults.ts";
import { estimateSpace } from "../engine/space/estimate.ts";
import { judgeHeldOut } from "../engine/space/validate.ts";
import { writeNpz } from "../formats/containers/npz.ts";
import { readFlags } from "./read-flags.ts";
import { observationsIn, tracksFiles } from "./tracks-file.ts";
import { writeWhole } from "./write-whole.ts";

const USAGE = `tsx src/cli/reliefs.ts TRACKS.npz|FOLDER… --out DIR
What the tracks of "npm run tracks", past and what followed, tell of depth at "now": writes DIR/NAME.npz
for each file that tells any, with inverse_depth_n, sigma_log_n, state_n (1 = still), parallax_px and
held_out_ratio (error of held-out tracks over that of a homography a frame).`;

async function main(): Promise<void> {
  const { values, positionals } = readFlags(USAGE, {
    allowPositionals: true,
    options: { out: { type: "string" } },
  });
  if (positionals.length === 0 || !values.out) {
    console.log(USAGE);
    process.exitCode = 2;
    return;
  }
  mkdirSync(values.out, { recursive: true });
  for (const file of (await Promise.all(positionals.map(tracksFiles))).flat()) {
    const observations = await observationsIn(file, "all");
    const field = estimateSpace(observations, WORKING_SIZE);
    const judged = field.cameras ? await judgeHeldOut(observations, WORKING_SIZE) : null;
    const name = basename(file);
    if (!judged) {
      console.log(`${name} ${field.why ?? "a half alone knows nothing"}`);
      continue;
    }
    const ratio = judged.errorPx / judged.homographyPx;
    const n = [field.stateN.length];
    await writeWhole(
      join(values.out, name),
      writeNpz([
        { name: "inverse_depth_n", shape: n, dtype: "float32", values: field.inverseDepthN },
        { name: "sigma_log_n", shape: n, dtype: "float32", values: field.sigmaLogN },
        { name: "state_n", shape: n, dtype: "uint8", values: field.stateN },
        { name: "parallax_px", shape: [], dtype: "float64", values: [field.parallaxPx] },
        { name: "held_out_ratio", shape: [], dtype: "float64", values: [ratio] },
      ]),
    );
    console.log(`${name} parallax ${field.parallaxPx.toFixed(0)} px, held out ${ratio.toFixed(2)}`);
  }
}

await main();

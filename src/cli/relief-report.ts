import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { WORKING_SIZE } from "../domain/studio-defaults.ts";
import { medianOf } from "../engine/space/adjustment.ts";
import { estimateSpace } from "../engine/space/estimate.ts";
import type { Observations } from "../engine/space/observations.ts";
import { judgeHeldOut } from "../engine/space/validate.ts";
import { readNpz } from "../formats/containers/npz.ts";

const USAGE = `tsx src/cli/relief-report.ts TRACKS.npz|FOLDER…
What the relief of tracks written by "npm run tracks" is worth where no truth is known: error of held-out
tracks in held-out frames beside a homography a frame, and how far two halves of the points agree.`;

async function main(): Promise<void> {
  const { positionals } = parseArgs({ args: process.argv.slice(2), allowPositionals: true });
  if (positionals.length === 0) {
    console.log(USAGE);
    process.exitCode = 2;
    return;
  }
  const files = (await Promise.all(positionals.map(npzFiles))).flat();
  const rows: { ratio: number; halves: number }[] = [];
  let unknown = 0;
  for (const file of files) {
    const observations = await historyIn(file);
    const field = estimateSpace(observations, WORKING_SIZE);
    const judged = field.cameras ? judgeHeldOut(observations, WORKING_SIZE) : null;
    const name = basename(file).slice(0, 48).padEnd(48);
    if (!judged) {
      unknown++;
      console.log(`${name} ${field.why ?? "a half alone knows nothing"}`);
      continue;
    }
    const { errorPx, homographyPx, halvesAbsRel } = judged;
    rows.push({ ratio: errorPx / homographyPx, halves: halvesAbsRel });
    console.log(
      `${name} parallax ${field.parallaxPx.toFixed(0)} px, held out ${errorPx.toFixed(2)} px, ` +
        `homography ${homographyPx.toFixed(2)} px, ratio ${(errorPx / homographyPx).toFixed(2)}, ` +
        `halves ${halvesAbsRel.toFixed(3)}`,
    );
  }
  const halves = rows.map((row) => row.halves).filter(Number.isFinite);
  console.log(
    `${rows.length} of ${files.length} clips have relief, ${unknown} unknown: median ratio ` +
      `${medianOf(rows.map((row) => row.ratio)).toFixed(2)}, at most 0.7 in ` +
      `${rows.filter((row) => row.ratio <= 0.7).length}; halves agree within ${medianOf(halves).toFixed(3)} at the median`,
  );
}

async function npzFiles(path: string): Promise<string[]> {
  if (path.endsWith(".npz")) return [path];
  return (await readdir(path))
    .filter((name) => name.endsWith(".npz"))
    .map((name) => join(path, name));
}

/** The history of a file of `npm run tracks`, anchored at "now". */
async function historyIn(file: string): Promise<Observations> {
  const arrays = readNpz(new Uint8Array(await readFile(file)));
  const positions = arrays.get("history_tracks_tn2");
  const visibility = arrays.get("history_visibility_tn");
  if (!positions || !visibility) throw new Error(`${file} holds no history of "npm run tracks"`);
  const [frameCount, pointCount] = positions.shape;
  return {
    tracks: {
      frameCount,
      pointCount,
      tracksTN2: Float32Array.from(positions.data),
      visibilityTN: Uint8Array.from(visibility.data),
    },
    anchorFrame: frameCount - 1,
  };
}

await main();

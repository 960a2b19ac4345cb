import { basename } from "node:path";
import { DEFAULT_FOV_DEGREES, focalPxOfFov, frameCentre } from "../domain/pinhole.ts";
import type { SpaceField } from "../domain/space-field.ts";
import { WORKING_SIZE } from "../domain/studio-defaults.ts";
import { medianOf } from "../engine/space/adjustment.ts";
import { heldPoints, withBarePoints } from "../engine/space/bare.ts";
import { estimateSpace } from "../engine/space/estimate.ts";
import { isSure } from "../engine/space/guess.ts";
import { nothingKnown } from "../engine/space/judged-field.ts";
import { type Observations, pickPoints } from "../engine/space/observations.ts";
import { meetsTracks, onePass, tellsPath } from "../engine/space/one-pass.ts";
import { judgeHeldOut } from "../engine/space/validate.ts";
import { shippedGuess } from "./node-model/depth-teller.ts";
import { readFlags } from "./read-flags.ts";
import { observationsIn, tracksFiles } from "./tracks-file.ts";
import { writeWhole } from "./write-whole.ts";

const USAGE = `tsx src/cli/relief-report.ts TRACKS.npz|FOLDER… [--alone|--one-pass]
What the relief of tracks written by "npm run tracks" is worth where no truth is known: error of held-out
tracks in held-out frames beside a homography a frame, and how far two halves of the points agree.
--alone: by the adjustment, without the network that ships; --one-pass: by that network, and nothing adjusted, of
every clip that it is sure of and whose tracks it meets. --json FILE: the figures of each clip, for
"foretrack evaluate space".`;

async function main(): Promise<void> {
  const { positionals, values } = readFlags(USAGE, {
    allowPositionals: true,
    options: {
      alone: { type: "boolean" },
      "one-pass": { type: "boolean" },
      json: { type: "string" },
    },
  });
  if (positionals.length === 0) {
    console.log(USAGE);
    process.exitCode = 2;
    return;
  }
  const files = (await Promise.all(positionals.map(tracksFiles))).flat();
  const estimating = async (observations: Observations) => {
    if (values["one-pass"]) return passOf(observations);
    const told = values.alone ? {} : await shippedGuess({ ...observations, size: WORKING_SIZE });
    return estimateSpace(observations, WORKING_SIZE, told);
  };
  const rows: { ratio: number; halves: number }[] = [];
  const told: Record<string, { ratio: number; halves: number | null } | { why: string }> = {};
  let unknown = 0;
  for (const file of files) {
    const observations = await observationsIn(file, "past");
    const field = await estimating(observations);
    const judged = field.cameras
      ? await judgeHeldOut(observations, WORKING_SIZE, estimating)
      : null;
    const name = basename(file).slice(0, 48).padEnd(48);
    if (!judged) {
      unknown++;
      told[basename(file)] = { why: field.why ?? "a half alone knows nothing" };
      console.log(`${name} ${field.why ?? "a half alone knows nothing"}`);
      continue;
    }
    const { errorPx, homographyPx, halvesAbsRel } = judged;
    const ratio = errorPx / homographyPx;
    rows.push({ ratio, halves: halvesAbsRel });
    told[basename(file)] = { ratio, halves: Number.isFinite(halvesAbsRel) ? halvesAbsRel : null };
    console.log(
      `${name} parallax ${field.parallaxPx.toFixed(0)} px, held out ${errorPx.toFixed(2)} px, ` +
        `homography ${homographyPx.toFixed(2)} px, ratio ${(errorPx / homographyPx).toFixed(2)}, ` +
        `halves ${halvesAbsRel.toFixed(3)}${field.toldBy ? `, told by ${field.toldBy}` : ""}`,
    );
  }
  if (values.json)
    await writeWhole(values.json, new TextEncoder().encode(JSON.stringify(told, null, 1)));
  if (rows.length === 0) {
    console.log(`None of ${files.length} clips has a relief that could be judged`);
    return;
  }
  const halves = rows.map((row) => row.halves).filter(Number.isFinite);
  console.log(
    `${rows.length} of ${files.length} clips have relief, ${unknown} unknown: median ratio ` +
      `${medianOf(rows.map((row) => row.ratio)).toFixed(2)}, at most 0.7 in ` +
      `${rows.filter((row) => row.ratio <= 0.7).length}; ${halves.length > 0 ? `halves agree within ${medianOf(halves).toFixed(3)} at the median` : "no halves agree to be compared"}`,
  );
}

/** Asked of the points that hold, where that is known. @throws Error where the network that ships tells no cameras. */
async function passOf(observations: Observations): Promise<SpaceField> {
  const focalPx = focalPxOfFov(DEFAULT_FOV_DEGREES, WORKING_SIZE);
  const held = observations.textureN ? heldPoints(observations.textureN) : null;
  const asked = held ? pickPoints(observations, held) : observations;
  const { guess } = await shippedGuess({ ...asked, size: WORKING_SIZE });
  if (!guess) return nothingKnown(observations, "too-few-points", focalPx);
  if (!tellsPath(guess)) throw new Error("the depth network that ships tells no cameras");
  if (!isSure(guess)) return nothingKnown(observations, "no-translation", focalPx);
  const { field } = onePass(asked, guess, focalPx, frameCentre(WORKING_SIZE));
  if (!meetsTracks(field)) return nothingKnown(observations, "no-still-scene", focalPx);
  return held ? withBarePoints(observations, held, field) : field;
}

await main();

import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { DepthGuess, SpaceField } from "../domain/space-field.ts";
import { WORKING_SIZE } from "../domain/studio-defaults.ts";
import { estimateSpace } from "../engine/space/estimate.ts";
import type { Observations } from "../engine/space/observations.ts";
import { type NpzEntry, readNpz, writeNpz } from "../formats/containers/npz.ts";
import { readFlags } from "./read-flags.ts";
import { tracksFiles } from "./tracks-file.ts";
import { writeWhole } from "./write-whole.ts";

const USAGE = `tsx src/cli/fields.ts SCENES --out DIR [--guess-focal]
What the adjustment tells of scenes of "foretrack evaluate field": SCENES/NAME.npz has tracks_tn2,
visibility_tn, anchor, focal_px and what the network told (guess_rho_n, guess_sigma_n, guess_moving_n);
DIR/NAME.npz gets the same of the adjustment alone and of the one that the network started.
--guess-focal: the focal length is not told.`;

async function main(): Promise<void> {
  const { values, positionals } = readFlags(USAGE, {
    allowPositionals: true,
    options: { out: { type: "string" }, "guess-focal": { type: "boolean" } },
  });
  if (positionals.length === 0 || !values.out) {
    console.log(USAGE);
    process.exitCode = 2;
    return;
  }
  mkdirSync(values.out, { recursive: true });
  for (const file of (await Promise.all(positionals.map(tracksFiles))).flat()) {
    const { observations, guess, focalPx } = await readScene(file);
    const known = values["guess-focal"] ? {} : { focalPx };
    const alone = estimateSpace(observations, WORKING_SIZE, known);
    const started = estimateSpace(observations, WORKING_SIZE, { ...known, guess });
    await writeWhole(
      join(values.out, basename(file)),
      writeNpz([...entries("alone", alone), ...entries("started", started)]),
    );
    console.log(`${basename(file)} ${alone.why ?? "told"} ${started.why ?? "told"}`);
  }
}

async function readScene(
  file: string,
): Promise<{ observations: Observations; guess: DepthGuess; focalPx: number }> {
  const arrays = readNpz(new Uint8Array(await readFile(file)));
  const array = (name: string) => {
    const found = arrays.get(name);
    if (!found) throw new Error(`${file} holds no ${name}: write it by "foretrack evaluate field"`);
    return found;
  };
  const floats = (name: string) => Float32Array.from(array(name).data as ArrayLike<number>);
  const [frameCount, pointCount] = array("tracks_tn2").shape;
  return {
    observations: {
      tracks: {
        frameCount,
        pointCount,
        tracksTN2: floats("tracks_tn2"),
        visibilityTN: Uint8Array.from(floats("visibility_tn")),
      },
      anchorFrame: floats("anchor")[0],
    },
    guess: {
      inverseDepthN: floats("guess_rho_n"),
      sigmaLogN: floats("guess_sigma_n"),
      movingN: floats("guess_moving_n"),
    },
    focalPx: floats("focal_px")[0],
  };
}

function entries(name: string, field: SpaceField): NpzEntry[] {
  const shape = [field.stateN.length];
  return [
    { name: `${name}_rho_n`, shape, dtype: "float32", values: field.inverseDepthN },
    { name: `${name}_sigma_n`, shape, dtype: "float32", values: field.sigmaLogN },
    { name: `${name}_state_n`, shape, dtype: "uint8", values: field.stateN },
    { name: `${name}_residual_n`, shape, dtype: "float32", values: field.residualPxN },
    { name: `${name}_told`, shape: [], dtype: "float32", values: [field.why ? 0 : 1] },
  ];
}

await main();

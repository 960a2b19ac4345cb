import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PinholePath } from "../domain/pinhole.ts";
import type { DepthGuess, SpaceField } from "../domain/space-field.ts";
import { WORKING_SIZE } from "../domain/studio-defaults.ts";
import { estimateSpace } from "../engine/space/estimate.ts";
import { withSurround } from "../engine/space/estimator.ts";
import { curvesOf } from "../engine/space/lift.ts";
import { anchorPositions, type Observations } from "../engine/space/observations.ts";
import { type NpzEntry, readNpz, writeNpz } from "../formats/containers/npz.ts";
import { camerasAs } from "./camera-entries.ts";
import { readFlags } from "./read-flags.ts";
import { tracksFiles } from "./tracks-file.ts";
import { writeWhole } from "./write-whole.ts";

const USAGE = `tsx src/cli/fields.ts SCENES --out DIR [--guess-focal]
What the adjustment tells of scenes of "foretrack evaluate field": SCENES/NAME.npz has tracks_tn2,
visibility_tn, anchor, focal_px and what the network told (guess_rho_n, guess_sigma_n, guess_moving_n; guess_met_n, guess_rotation_t9,
guess_translation_t3 and guess_control_nk3 where it tells paths);
DIR/NAME.npz gets the same of the adjustment alone and of the one that the network started, and, where they tell
depth, their cameras (alone_rotation_t9, alone_translation_t3) and curves through space (alone_control_nk3).
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
      writeNpz([
        ...entries("alone", alone, observations),
        ...entries("started", started, observations, guess.path?.wayNK3),
      ]),
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
      ...(arrays.has("guess_control_nk3") && {
        path: {
          metDepthN: floats("guess_met_n"),
          rotationT9: floats("guess_rotation_t9"),
          translationT3: floats("guess_translation_t3"),
          wayNK3: floats("guess_control_nk3"),
        },
      }),
    },
    focalPx: floats("focal_px")[0],
  };
}

function entries(
  name: string,
  field: SpaceField,
  observations: Observations,
  wayNK3?: Float32Array,
): NpzEntry[] {
  const shape = [field.stateN.length];
  return [
    ...(field.cameras ? camerasAs(`${name}_`, field.cameras) : []),
    ...(field.cameras ? [curvesAs(name, field, field.cameras, observations, wayNK3)] : []),
    { name: `${name}_rho_n`, shape, dtype: "float32", values: field.inverseDepthN },
    { name: `${name}_sigma_n`, shape, dtype: "float32", values: field.sigmaLogN },
    { name: `${name}_state_n`, shape, dtype: "uint8", values: field.stateN },
    { name: `${name}_residual_n`, shape, dtype: "float32", values: field.residualPxN },
    { name: `${name}_told`, shape: [], dtype: "float32", values: [field.why ? 0 : 1] },
  ];
}

/** As the studio draws them. */
function curvesAs(
  name: string,
  field: SpaceField,
  cameras: PinholePath,
  { tracks, anchorFrame }: Observations,
  wayNK3: Float32Array | undefined,
): NpzEntry {
  const shown = withSurround(field, anchorPositions({ tracks, anchorFrame }));
  const { controlNK3, controlCount } = curvesOf(tracks, anchorFrame, cameras, shown, wayNK3);
  const shape = [tracks.pointCount, controlCount, 3];
  return { name: `${name}_control_nk3`, shape, dtype: "float32", values: controlNK3 };
}

await main();

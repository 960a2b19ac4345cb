import type { Exploration, Mode, Modes } from "../../domain/exploration.ts";
import { LABEL } from "../../domain/exploration.ts";
import type { PictureSight } from "../../domain/latent.ts";
import type { ExploreOptions } from "../../domain/ports.ts";
import type { LatentFields } from "../models/kind.ts";
import { endOfField, motionOfField } from "./field.ts";
import { atRest, drawLatent } from "./latent.ts";
import { mapOf } from "./map.ts";
import { type FoundModes, findModes, isFan, mergeModes, numberModes } from "./modes.ts";
import { distinctNames, nameField } from "./naming.ts";
import { sharesOf } from "./share.ts";
import { createSketch, drawnIn, pairwiseKK, rowDistance, rowNorms, SKETCH_SIZE } from "./sketch.ts";

/** Of the frame's width: futures that differ by less are alike, one that moves less is still. */
const LEAST_SHARE = 0.01;
/** Futures whose fields are held at once, 50 kB each. */
const CHUNK = 200;

/**
 * Draws samples, folds their fields, and finds the modes and the map of them. `step` hears how many are
 * drawn; it throws where the work is cancelled.
 */
export async function explore(
  { sight, fields }: LatentFields,
  { count, numbers = new Map() }: ExploreOptions,
  step?: (done: number) => void,
): Promise<Exploration> {
  const seeds = Array.from({ length: count }, (_, k) => k + 1);
  const latentsKL = new Float32Array(count * sight.latentSize);
  for (const [k, seed] of seeds.entries()) {
    latentsKL.set(atRest(drawLatent(seed, sight.latentSize), sight.parts), k * sight.latentSize);
  }
  const sketch = createSketch(sight);
  const sketchKQ = new Float32Array(count * SKETCH_SIZE);
  const endsK2 = new Float32Array(2 * count);
  for (let k = 0; k < count; k += CHUNK) {
    step?.(k);
    const part = latentsKL.slice(k * sight.latentSize, (k + CHUNK) * sight.latentSize);
    const some = await fields(part);
    const size = some.length / (part.length / sight.latentSize);
    for (let i = 0; i * size < some.length; i++) {
      const field = some.subarray(i * size, (i + 1) * size);
      sketch.fold(field, sketchKQ.subarray((k + i) * SKETCH_SIZE, (k + i + 1) * SKETCH_SIZE));
      endsK2.set(meanEnd(sight, field), 2 * (k + i));
    }
  }
  step?.(count);
  const medoidFields = async ({ medoids }: FoundModes) => {
    const size = sight.latentSize;
    const own = medoids.flatMap((k) => [...latentsKL.subarray(k * size, (k + 1) * size)]);
    const all = own.length > 0 ? await fields(Float32Array.from(own)) : new Float32Array();
    const fieldSize = all.length / (medoids.length || 1);
    return medoids.map((_, m) => all.slice(m * fieldSize, (m + 1) * fieldSize));
  };
  const leastPx = LEAST_SHARE * sight.width;
  const groupedKQ = drawnIn(sketchKQ, leastPx);
  const parts = findModes(pairwiseKK(groupedKQ), rowNorms(sketchKQ), leastPx);
  const found = mergeModes(
    parts,
    (await medoidFields(parts)).map((field) => nameField(sight, field)),
  );
  const distance = (a: number, b: number) => rowDistance(groupedKQ, a, b);
  const numbered = numberModes(found.medoids, numbers, distance, found.radiusPx);
  return {
    sight,
    seeds,
    latentsKL,
    sketchKQ,
    modes: describeModes(sight, found, numbered, await medoidFields(found)),
    map: mapOf(sketchKQ, SKETCH_SIZE, endsK2),
  };
}

/** Mean displacement at the end, each point with the probability that it moves. */
function meanEnd(sight: PictureSight, fieldCN: Float32Array): [number, number] {
  const end = endOfField(sight, fieldCN);
  let [x, y, total] = [0, 0, 0];
  sight.movingN.forEach((weight, n) => {
    x += weight * end[2 * n];
    y += weight * end[2 * n + 1];
    total += weight;
  });
  return [x / (total || 1), y / (total || 1)];
}

function describeModes(
  sight: PictureSight,
  found: FoundModes,
  numbers: readonly number[],
  ofMode: readonly Float32Array[],
): Modes {
  const { radiusPx, medoids, labelsK } = found;
  const motions = ofMode.map((field) => Math.hypot(...motionOfField(sight, field)));
  const names = distinctNames(
    ofMode.map((field) => nameField(sight, field)),
    motions,
  );
  const countOf = (label: number) => labelsK.filter((own) => own === label).length;
  const { still, other, modes } = sharesOf(
    {
      still: countOf(LABEL.still),
      other: countOf(LABEL.other),
      modes: medoids.map((_, m) => countOf(m)),
    },
    sight.happened,
  );
  const groups = medoids.map(
    (medoid, m): Mode => ({
      number: numbers[m],
      medoid,
      share: modes[m],
      name: names[m],
      fieldCN: ofMode[m],
    }),
  );
  return {
    radiusPx,
    groups: groups.sort((a, b) => b.share.count - a.share.count),
    labelsK: labelsK.map((label) => (label < 0 ? label : numbers[label])),
    still,
    other,
    isFan: isFan(found),
  };
}

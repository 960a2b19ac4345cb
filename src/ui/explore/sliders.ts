import type { LatentPart, PictureSight } from "../../domain/latent.ts";
import {
  amountsOf,
  cameraWays,
  furtherLatents,
  nameCamera,
  withAmounts,
} from "../../engine/exploration/camera-ways.ts";
import { differenceLatents, leadingDirections } from "../../engine/exploration/directions.ts";
import { futureOfField } from "../../engine/exploration/field.ts";
import { camerasOf, fieldsOf } from "../../store/actions/live-future.ts";
import type { LatentBase } from "../../store/slices/explorationSlice.ts";
import type { Studio } from "../../store/studio.ts";
import { type FutureLines, futureLines, linesOfAll } from "./drawFutures.ts";

/** One way to change a future: what its other end adds, and where it stands for the base. */
export interface Slider {
  readonly name: string;
  readonly start: number;
  /** The base at either end of the slider. */
  readonly ghosts: readonly FutureLines[];
}

export interface Sliders {
  readonly list: readonly Slider[];
  /** The latent at these values, one a slider. */
  readonly latentAt: (values: readonly number[]) => Float32Array;
}

export const NO_SLIDERS: Sliders = { list: [], latentAt: () => new Float32Array() };

/** Standard deviations that a slider goes either way. */
export const REACH = 2;
const DIRECTIONS = 3;

/** What changes the future most from a latent, then the ways of parts that rest, where they are let go. */
export async function slidersOf(
  studio: Studio,
  sight: PictureSight,
  base: LatentBase,
  held: readonly string[],
): Promise<Sliders> {
  const ofField = await fieldSliders(studio, sight, base, held);
  const camera = sight.parts.find(({ name, rests, length }) => {
    return rests && length > 1 && !held.includes(name);
  });
  const ofCamera = camera ? await cameraSliders(studio, sight, base, camera) : null;
  const own = ofField.list.length;
  return {
    list: [...ofField.list, ...(ofCamera?.list ?? [])],
    latentAt: (values) => {
      const changed = ofField.latentAt(values.slice(0, own));
      return ofCamera ? ofCamera.latentAt(values.slice(own), changed) : changed;
    },
  };
}

async function fieldSliders(
  studio: Studio,
  sight: PictureSight,
  { z }: LatentBase,
  held: readonly string[],
): Promise<Sliders> {
  const size = z.length;
  const steps = differenceLatents(z);
  const asked = Array.from({ length: 2 * size }, (_, i) =>
    steps.subarray(i * size, (i + 1) * size),
  );
  const isHeld = (index: number) =>
    sight.parts.some(
      ({ name, from, length }) => held.includes(name) && index >= from && index < from + length,
    );
  const found = leadingDirections(sight, await fieldsOf(studio, sight, asked), DIRECTIONS, isHeld);
  const latentAt = (values: readonly number[]) => {
    const changed = Float32Array.from(z);
    for (const [k, { stepL }] of found.entries()) {
      for (let i = 0; i < size; i++) changed[i] += values[k] * stepL[i];
    }
    return changed;
  };
  const ends = bothEnds(found.map(() => 0)).map(latentAt);
  const fields = ends.length > 0 ? await fieldsOf(studio, sight, ends) : [];
  return {
    list: found.map(({ name }, k) => {
      const ghosts = fields.slice(2 * k, 2 * k + 2).map((field) => futureLines(sight, field));
      return { name, start: 0, ghosts };
    }),
    latentAt,
  };
}

/** One slider a way of the camera, standing where the base's camera goes; null where none moves. */
async function cameraSliders(
  studio: Studio,
  sight: PictureSight,
  { z }: LatentBase,
  part: LatentPart,
) {
  const probes = await camerasOf(studio, sight, furtherLatents(part, sight.latentSize));
  if (!probes) return null;
  const ways = cameraWays(part, probes);
  const start = amountsOf(ways, z);
  const latentAt = (amounts: readonly number[], changed: ArrayLike<number>) =>
    amounts.every((amount, i) => amount === start[i])
      ? Float32Array.from(changed)
      : withAmounts(ways, changed, amounts);
  const ends = bothEnds(start).map((amounts) => withAmounts(ways, z, amounts));
  const alone = start.map((_, way) =>
    withAmounts(
      ways,
      z,
      start.map((_, i) => (i === way ? REACH : 0)),
    ),
  );
  const all = [...ends, ...alone].flatMap((latent) => [...latent]);
  const paths = (await camerasOf(studio, sight, Float32Array.from(all))) ?? [];
  const [field] = await fieldsOf(studio, sight, [z]);
  return {
    list: start.map((own, way): Slider => {
      const ghosts = paths
        .slice(2 * way, 2 * way + 2)
        .map((path) => linesOfAll(sight, futureOfField(sight, field, path).tracks));
      return { name: nameCamera(paths[ends.length + way], sight), start: own, ghosts };
    }),
    latentAt,
  };
}

/** The values of either end of each slider, the others where they start. */
function bothEnds(start: readonly number[]): number[][] {
  return start.flatMap((_, way) =>
    [-REACH, REACH].map((end) => start.map((own, i) => (i === way ? end : own))),
  );
}

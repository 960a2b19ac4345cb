import { isCancelled } from "../../domain/errors.ts";
import type { Exploration, Mode } from "../../domain/exploration.ts";
import type { LatentChoice, PictureSight } from "../../domain/latent.ts";
import { futureOfField, movesCamera } from "../../engine/exploration/field.ts";
import { between, blended, childOf, holdParts, varied } from "../../engine/exploration/latent.ts";
import { neighboursOnMap } from "../../engine/exploration/map.ts";
import { candidatesFor, mostWelcome } from "../../engine/exploration/preference.ts";
import { createSketch, SKETCH_SIZE } from "../../engine/exploration/sketch.ts";
import type { LatentBase } from "../slices/explorationSlice.ts";
import { chosenLatent, freshSeeds } from "../slots.ts";
import { type Studio, selectDocument } from "../studio.ts";
import { selectExploration } from "./explore.ts";
import { keepFuture } from "./forecast.ts";
import { showError } from "./notices.ts";
import { loadModel } from "./warm.ts";

/** What is tried out, and the seed that draws it where one does. */
interface Shown {
  readonly latent: LatentChoice;
  readonly words: string;
  readonly seed?: number;
}

/** By studio, what is asked for while another one is on its way: the newest only. */
const waiting = new WeakMap<Studio, Shown | null>();

/** Shows the future of a latent on the stage, without a slot. */
export async function showLatent(studio: Studio, shown: Shown): Promise<void> {
  if (waiting.has(studio)) {
    waiting.set(studio, shown);
    return;
  }
  waiting.set(studio, null);
  try {
    await put(studio, shown);
  } catch (error) {
    if (!isCancelled(error)) showError(studio, error);
  }
  const next = waiting.get(studio);
  waiting.delete(studio);
  if (next) await showLatent(studio, next);
}

async function put(studio: Studio, { latent, words, seed }: Shown): Promise<void> {
  const exploration = selectExploration(studio.state, studio);
  if (!exploration) return;
  const { sight } = exploration;
  const [field] = await fieldsOf(studio, sight, [latent.z]);
  const path = await cameraOf(studio, sight, latent.z);
  const id = studio.freshId("live");
  const own = { ...latent, picture: sight.picture };
  studio.bulk.live.clear();
  studio.bulk.live.set(id, { seed: 0, ...futureOfField(sight, field, path), latent: own });
  studio.state.setExploration({ live: { id, words, seed: seed ?? null } });
}

/** Displacement fields of latents, of the picture that was explored. */
export async function fieldsOf(
  studio: Studio,
  { picture }: PictureSight,
  latents: readonly ArrayLike<number>[],
): Promise<Float32Array[]> {
  const { explorer } = await loadModel(studio);
  if (!explorer) throw new Error("the model explores nothing");
  const all = Float32Array.from(latents.flatMap((z) => Array.from(z)));
  const fields = await explorer.fields(picture, all);
  const size = fields.length / latents.length;
  return latents.map((_, k) => fields.subarray(k * size, (k + 1) * size));
}

/** Camera paths [K][T,6] of latents [K,L], of the picture that was explored; null where cameras stand still. */
export async function camerasOf(
  studio: Studio,
  { picture, latentSize }: PictureSight,
  latentsKL: Float32Array,
): Promise<Float32Array[] | null> {
  const { explorer } = await loadModel(studio);
  const paths = (await explorer?.cameras(picture, latentsKL)) ?? null;
  if (!paths) return null;
  const size = (paths.length * latentSize) / latentsKL.length;
  return Array.from({ length: paths.length / size }, (_, k) =>
    paths.subarray(k * size, (k + 1) * size),
  );
}

/** The camera's path of a latent; none where it rests. */
async function cameraOf(
  studio: Studio,
  sight: PictureSight,
  z: ArrayLike<number>,
): Promise<Float32Array | undefined> {
  if (!movesCamera(sight, z)[0]) return undefined;
  return (await camerasOf(studio, sight, Float32Array.from(z)))?.[0];
}

/** Opens a mode and shows the sample that stands for it; null closes what is open. */
export function openMode(studio: Studio, exploration: Exploration, mode: Mode | null): void {
  studio.state.setExploration({ openMode: mode?.number ?? null });
  if (mode) void showSample(studio, exploration, mode.medoid, `${mode.number}. ${mode.name}`);
  else dropLive(studio);
}

/** Shows a sample, from which sliders and variations start then. */
export async function showSample(
  studio: Studio,
  exploration: Exploration,
  index: number,
  words: string,
): Promise<void> {
  const z = latentOf(exploration, index);
  studio.state.setExploration({ base: { z, words }, mapPlace: placeOf(exploration, index) });
  await showLatent(studio, { latent: { z }, words, seed: exploration.seeds[index] });
}

/** Shows a kept future, from which sliders and variations start then. */
export async function showKept(studio: Studio, slotId: number): Promise<void> {
  const slot = selectDocument(studio.state).slots.find(({ id }) => id === slotId);
  const future = studio.bulk.futures.get(slot?.futureId ?? "");
  if (!future?.latent) return;
  const words = `future ${slotId}`;
  const { z } = future.latent;
  studio.state.setExploration({ base: { z, words, slotId }, mapPlace: null });
  const own = chosenLatent(future);
  await showLatent(studio, {
    latent: own ?? { z },
    words,
    ...(own ? {} : { seed: future.seed }),
  });
}

function latentOf({ latentsKL, sight: { latentSize } }: Exploration, index: number): number[] {
  return [...latentsKL.subarray(index * latentSize, (index + 1) * latentSize)];
}

function placeOf({ map }: Exploration, index: number): readonly [number, number] {
  return [map.placesK2[2 * index], map.placesK2[2 * index + 1]];
}

/** Shows the blend of the samples around a place on the map. */
export async function showPlace(
  studio: Studio,
  exploration: Exploration,
  place: readonly [number, number],
): Promise<void> {
  const near = neighboursOnMap(exploration.map.placesK2, place[0], place[1]);
  if (near.length === 1) {
    const { index } = near[0];
    return showSample(studio, exploration, index, `sample ${exploration.seeds[index]}`);
  }
  const parents = near.map(({ index, weight }) => ({ z: latentOf(exploration, index), weight }));
  const latent = childOf(blended(parents), parents);
  const words = "a blend on the map";
  studio.state.setExploration({ mapPlace: place, base: { z: latent.z, words } });
  await showLatent(studio, { latent, words });
}

/** Shows what sliders have made of the base. */
export async function showChanged(
  studio: Studio,
  { z, words }: LatentBase,
  changed: Float32Array,
): Promise<void> {
  const latent = childOf(changed, [{ z, weight: 1 }]);
  await showLatent(studio, { latent, words: `${words}, changed` });
}

/** Shows what lies between the base and another future. */
export async function showBetween(
  studio: Studio,
  { z, words }: LatentBase,
  other: { readonly z: readonly number[]; readonly words: string },
  way: { readonly share: number; readonly straight: boolean },
): Promise<void> {
  const { share, straight } = way;
  const latent = childOf(between(z, other.z, share, straight), [
    { z, weight: 1 - share },
    { z: other.z, weight: share },
  ]);
  await showLatent(studio, { latent, words: `between ${words} and ${other.words}` });
}

/** Shows a variation of the base; parts that are held stay. */
export async function showVariation(
  studio: Studio,
  { sight }: Exploration,
  { z, words }: LatentBase,
): Promise<void> {
  const { strength, heldParts } = studio.state;
  const made = varied(z, strength, nextDraw(studio));
  const latent = childOf(holdParts(made, z, sight.parts, heldParts), [{ z, weight: 1 }]);
  await showLatent(studio, { latent, words: `a variation of ${words}` });
}

/** Remembers that the live future is liked or not, and shows another one that goes by it. */
export async function prefer(
  studio: Studio,
  { sight }: Exploration,
  kind: "liked" | "disliked",
): Promise<void> {
  const { live, preferences: before, strength, heldParts } = studio.state;
  const z = live && studio.bulk.live.get(live.id)?.latent?.z;
  if (!z) return;
  const preferences = { ...before, [kind]: [...before[kind], z] };
  studio.state.setExploration({ preferences });
  const own = { sight, heldParts };
  const draws = candidatesFor(preferences, own, strength, nextDraw(studio));
  const { liked, disliked } = preferences;
  const asked = [...draws.map((draw) => draw.z), ...liked, ...disliked];
  const sketches = sketchesOf(sight, await fieldsOf(studio, sight, asked));
  const chosen = mostWelcome(
    sketches.slice(0, draws.length),
    sketches.slice(draws.length, draws.length + liked.length),
    sketches.slice(draws.length + liked.length),
  );
  const latent = draws[chosen];
  const words = kind === "liked" ? "another like it" : "another one";
  studio.state.setExploration({ base: { z: latent.z, words }, mapPlace: null });
  await showLatent(studio, { latent, words });
}

function sketchesOf(sight: PictureSight, fields: readonly Float32Array[]): Float32Array[] {
  const sketch = createSketch(sight);
  return fields.map((field) => {
    const row = new Float32Array(SKETCH_SIZE);
    sketch.fold(field, row);
    return row;
  });
}

/** Beyond every seed that a slot or sample counts up to, so that no variation repeats one. */
const FIRST_DRAW = 1_000_000;
const draws = new WeakMap<Studio, number>();

function nextDraw(studio: Studio): number {
  const draw = draws.get(studio) ?? FIRST_DRAW;
  draws.set(studio, draw + 100);
  return draw;
}

export function dropLive(studio: Studio): void {
  if (!studio.state.live) return;
  studio.bulk.live.clear();
  studio.state.setExploration({ live: null, mapPlace: null });
}

/** Makes the future that is tried out one of the studio's. */
export async function keepLive(studio: Studio): Promise<void> {
  const { live } = studio.state;
  const latent = live && studio.bulk.live.get(live.id)?.latent;
  if (!latent) return;
  const { picture: _, ...choice } = latent;
  const [fresh] = freshSeeds(selectDocument(studio.state).slots, 1);
  const chosen = live.seed === null ? { seed: fresh, latent: choice } : { seed: live.seed };
  await keepFuture(studio, chosen);
  dropLive(studio);
}

import type { Exploration } from "../../domain/exploration.ts";
import type { PictureSight } from "../../domain/latent.ts";
import { tracksOfField } from "../../engine/exploration/field.ts";
import { type Judgement, judge, type Rivals } from "../../engine/exploration/judge.ts";
import { simpleEnsemble } from "../../engine/scenario/ensemble.ts";
import { type Studio, selectFps } from "../studio.ts";
import { fieldsOf } from "./live-future.ts";
import { loadModel } from "./warm.ts";

/** Futures that are held against the truth. */
const JUDGED = 120;

/** The futures of the picture against what really followed; null where that is not known. */
export async function judgeExploration(
  studio: Studio,
  exploration: Exploration,
): Promise<Judgement | null> {
  const { historyId = "" } = studio.state.exploration ?? {};
  const truth = studio.bulk.truths.get(historyId);
  const history = studio.bulk.histories.get(historyId)?.history;
  if (!truth || !history) return null;
  const { sight, latentsKL, seeds } = exploration;
  const some = seeds.slice(0, JUDGED);
  const size = sight.latentSize;
  const latents = some.map((_, k) => latentsKL.subarray(k * size, (k + 1) * size));
  const drawn = (await fieldsOf(studio, sight, latents)).map((f) => tracksOfField(sight, f));
  const rivals = await rivalsOf(studio, sight, latentsKL.slice(0, some.length * size));
  const plain = () => simpleEnsemble(history, some, sight.frameCount).map(({ tracks }) => tracks);
  const others = rivals ?? { blind: plain(), blindName: "without learning" };
  return judge(exploration, drawn, others, truth, selectFps(studio.state));
}

/** Null where the pack brings none. */
async function rivalsOf(
  studio: Studio,
  sight: PictureSight,
  latentsKL: Float32Array,
): Promise<Rivals | null> {
  const { explorer } = await loadModel(studio);
  const fields = await explorer?.rivals(sight.picture, latentsKL);
  if (!fields) return null;
  const { regressorCN, blindKCN } = fields;
  const size = regressorCN.length;
  const blind = Array.from({ length: blindKCN.length / size }, (_, k) =>
    tracksOfField(sight, blindKCN.subarray(k * size, (k + 1) * size)),
  );
  return { blind, blindName: "blind prior", regressor: tracksOfField(sight, regressorCN) };
}

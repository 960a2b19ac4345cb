import type { Exploration } from "../../domain/exploration.ts";
import { tracksOfField } from "../../engine/exploration/field.ts";
import { type Judgement, judge } from "../../engine/exploration/judge.ts";
import { simpleEnsemble } from "../../engine/scenario/ensemble.ts";
import { type Studio, selectFps } from "../studio.ts";
import { fieldsOf } from "./live-future.ts";

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
  const plain = simpleEnsemble(history, some, sight.frameCount).map(({ tracks }) => tracks);
  return judge(exploration, drawn, plain, truth, selectFps(studio.state));
}

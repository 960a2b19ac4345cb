import type { Constraints } from "../../domain/constraints.ts";
import type { Future } from "../../domain/forecast.ts";
import { HORIZON_FRAMES, WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { planCompletion } from "../../engine/completion/complete.ts";
import { simpleEnsemble } from "../../engine/scenario/ensemble.ts";
import { composeScenario, factoredScenario } from "../../engine/scenario/scenario.ts";
import { movingLeastSquares } from "./moving-least-squares.ts";

/** The free futures of one case that ways start from, and the model's own way with pins. */
export interface Sampled {
  readonly history: Tracks;
  readonly model: readonly Future[];
  readonly ensemble: readonly Future[];
  readonly damped: readonly Future[];
  /** Null where the pack has no channel for constraints. */
  readonly hinted: ((constraints: Constraints) => Promise<readonly Future[]>) | null;
}

export interface Way {
  readonly name: string;
  /** Futures under the constraints, and the same without, where there are such. */
  run(
    sampled: Sampled,
    constraints: Constraints,
  ): Promise<{ futures: readonly Tracks[]; free: readonly Tracks[] | null } | null>;
}

const SIZE = { width: WORKING_WIDTH, height: WORKING_HEIGHT };
const tracksOf = (futures: readonly Future[]) => futures.map(({ tracks }) => tracks);

const completed = (name: string, of: (sampled: Sampled) => readonly Future[]): Way => ({
  name,
  async run(sampled, constraints) {
    // Tracks alone are scored: fitting the camera to them anew would take most of the time.
    const plan = planCompletion(constraints, sampled.history, SIZE, { keepsCamera: true });
    const start = of(sampled);
    return { futures: tracksOf(start.map(plan.complete)), free: tracksOf(start) };
  },
});

export const WAYS: readonly Way[] = [
  {
    name: "free",
    run: async ({ model }) => ({ futures: tracksOf(model), free: tracksOf(model) }),
  },
  completed("damped velocity + kriging", ({ damped }) => damped),
  completed("scenarios + kriging", ({ ensemble }) => ensemble),
  {
    name: "rigid moving least squares",
    async run({ damped, history }, constraints) {
      const xyN2 = history.tracksTN2.slice(-2 * history.pointCount);
      const futures = damped.map(({ tracks }) => movingLeastSquares(tracks, constraints, xyN2));
      return { futures, free: tracksOf(damped) };
    },
  },
  {
    name: "the pack's own constraint channel",
    async run({ hinted, model }, constraints) {
      if (!hinted) return null;
      return { futures: tracksOf(await hinted(constraints)), free: tracksOf(model) };
    },
  },
  completed("model + kriging (ships)", ({ model }) => model),
];

/** The futures that need no network. */
export function baselines(history: Tracks, seeds: readonly number[]) {
  const damped = { span: 4, cameraShare: 0, decay: 0.95 };
  const scenario = factoredScenario(history, damped, undefined, HORIZON_FRAMES);
  const { cameraPathT6 } = scenario;
  return {
    ensemble: simpleEnsemble(history, seeds),
    damped: [{ seed: 0, tracks: composeScenario(scenario), cameraPathT6 }],
  };
}

import { pinOf } from "../../domain/edits/pin.ts";
import { POINT_COUNT } from "../../domain/grid.ts";
import { planCompletion } from "../../engine/completion/complete.ts";
import { futureOf, historyOf, type Motion } from "../../engine/completion/testing.ts";
import { compileEdits } from "../../engine/edits/compile.ts";
import { previewFuture } from "../../engine/edits/preview.ts";
import { compareCosts, reportCost, type Section } from "./measure.ts";

const SIZE = { width: 832, height: 480 };
const HORIZON = 81;
const FUTURES = 8;
const PINS = 16;
const REPEATS = 30;

/** What edits cost on the page while the pointer moves, and when it is let go: no network runs. */
export const benchEdits: Section = async (report) => {
  // A third moves, the rest stands still: the camera is fitted to it anew.
  const motion: Motion = (x) => (x > 555 ? [1, 0.4] : [0, 0]);
  const history = historyOf(motion);
  const futures = Array.from({ length: FUTURES }, () => futureOf(motion, HORIZON));
  const startN2 = history.tracksTN2.subarray(-2 * POINT_COUNT);
  const pins = Array.from({ length: PINS }, (_, i) => {
    const point = Math.floor(((i + 0.5) * POINT_COUNT) / PINS);
    const at = [startN2[2 * point] + 30, startN2[2 * point + 1] - 12] as const;
    return pinOf(`${i}`, `Pin ${i}`, point, HORIZON - 1, at);
  });
  const complete = () => {
    const constraints = compileEdits(pins, history, HORIZON);
    if (!constraints) throw new Error("the pins ask nothing");
    const plan = planCompletion(constraints, history, SIZE);
    for (const future of futures) plan.complete(future);
  };
  const costs = await compareCosts(
    {
      [`preview of a pointer move, ${PINS} pins`]: async () =>
        previewFuture(futures[0], pins, history, SIZE),
      [`compile ${PINS} pins`]: async () => compileEdits(pins, history, HORIZON),
      [`complete ${FUTURES} futures, ${PINS} pins`]: async () => complete(),
    },
    REPEATS,
  );
  for (const [what, cost] of Object.entries(costs)) reportCost(report, cost, { what });
};

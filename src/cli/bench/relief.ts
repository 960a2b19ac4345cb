import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { reliefEstimator } from "../../engine/space/estimator.ts";
import { makeScene } from "../../engine/space/testing.ts";
import { costOf, type Section } from "./measure.ts";

const SIZES = [
  { columns: 26, rows: 15, frameCount: 81, limitMillis: 4000 },
  { columns: 75, rows: 40, frameCount: 41, limitMillis: 6000 },
] as const;

/** Cameras and relief of a made-up walk, a quarter of whose points moves by itself. */
export const benchRelief: Section = async (report) => {
  for (const { columns, rows, frameCount, limitMillis } of SIZES) {
    const { observations } = makeScene({
      seed: 1,
      move: "walk",
      parallaxPx: 40,
      moving: 0.25,
      driftPx: 0.5,
      columns,
      rows,
      frameCount,
    });
    const request = { ...observations, size: WORKING_SIZE, columns: 104, rows: 60 };
    const cost = await costOf(() => reliefEstimator.estimate(request));
    report({
      what: `relief of ${columns * rows} points through ${frameCount} frames`,
      value: cost.cpuMillis,
      unit: "cpu ms",
      reference: { what: "limit", value: limitMillis },
    });
  }
};

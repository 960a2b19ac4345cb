import type { DepthTeller } from "../../domain/ports.ts";
import type { DepthGuess, ReliefRequest } from "../../domain/space-field.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { reliefEstimator } from "../../engine/space/estimator.ts";
import { makeScene } from "../../engine/space/testing.ts";
import { openDepthTeller } from "../../workers/depth/open.ts";
import { findShippedPack } from "../node-model/pack.ts";
import { ortOf } from "../node-model/provider.ts";
import { costOf, type Report, type Section } from "./measure.ts";

const SIZES = [
  { columns: 26, rows: 15, frameCount: 81, limitMillis: 4000 },
  { columns: 75, rows: 40, frameCount: 41, limitMillis: 6000 },
] as const;

/**
 * Cameras and relief of a made-up walk, a quarter of whose points moves by itself: by its tracks alone, and as the
 * studio finds them, with the network that ships asked in WebAssembly on one thread.
 */
export const benchRelief: Section = async (report, skip) => {
  const teller = await openShipped(report);
  if (!teller) skip("this checkout ships no depth network: its pass is not measured");
  for (const { columns, rows, frameCount, limitMillis } of SIZES) {
    const scene = { seed: 1, move: "walk", parallaxPx: 40, moving: 0.25, driftPx: 0.5 } as const;
    const { observations } = makeScene({ ...scene, columns, rows, frameCount });
    const request = { ...observations, size: WORKING_SIZE, columns: 104, rows: 60 };
    const what = `relief of ${columns * rows} points through ${frameCount} frames`;
    const reference = { what: "limit", value: limitMillis };
    const alone = await costOf(() => reliefEstimator.estimate(request));
    report({ what, value: alone.cpuMillis, unit: "cpu ms", reference });
    if (!teller) continue;
    const { passMillis, cpuMillis } = await costWithNetwork(teller, request);
    report({
      what: "the same with the depth network",
      value: cpuMillis,
      unit: "cpu ms",
      reference,
      note: `${passMillis.toFixed(0)} of them its pass`,
    });
  }
};

/** The network as the page opens it, with what that costs once a visit; null where none ships. */
async function openShipped(report: Report): Promise<DepthTeller | null> {
  const source = await findShippedPack("field");
  if (!source) return null;
  const ort = await ortOf("wasm");
  ort.env.wasm.numThreads = 1;
  const opened: DepthTeller[] = [];
  const { cpuMillis } = await costOf(async () => {
    opened.push(await openDepthTeller(source, ort));
  });
  const what = "depth network opened and tested, once a visit";
  report({ what, value: cpuMillis, unit: "cpu ms" });
  return opened[0];
}

async function costWithNetwork(
  teller: DepthTeller,
  request: ReliefRequest,
): Promise<{ readonly passMillis: number; readonly cpuMillis: number }> {
  const told: DepthGuess[] = [];
  const pass = await costOf(async () => {
    const guess = await teller.tell(request);
    if (guess) told.push(guess);
  });
  const [guess] = told;
  const rest = await costOf(() =>
    reliefEstimator.estimate({ ...request, ...(guess && { guess }) }),
  );
  return { passMillis: pass.cpuMillis, cpuMillis: pass.cpuMillis + rest.cpuMillis };
}

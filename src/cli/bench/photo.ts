import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import { createTracks } from "../../domain/tracks.ts";
import { openNodeForecaster } from "../node-model/forecaster.ts";
import { findPack } from "../node-model/pack.ts";
import { compareCosts, reportCost, type Section } from "./measure.ts";

const REPEATS = 3;
/** As many latents as a slider, a map or a mode that opens asks for at once. */
const MANY = 800;

/** Rows and columns of the matrices whose product is the yardstick: 0.11 GFLOP. */
const YARDSTICK = 384;
const YARDSTICK_NAME = `product of two ${YARDSTICK}² matrices in JavaScript`;

/** Work of a fixed size, in the same turns, so that times on different machines can be compared. */
function yardstick(): () => Promise<number> {
  const a = Float32Array.from({ length: YARDSTICK ** 2 }, (_, i) => (i % 17) / 17);
  const b = Float32Array.from(a, (v) => 1 - v);
  const out = new Float32Array(a.length);
  return async () => {
    out.fill(0);
    for (let row = 0; row < YARDSTICK; row++) {
      for (let k = 0; k < YARDSTICK; k++) {
        const share = a[row * YARDSTICK + k];
        for (let column = 0; column < YARDSTICK; column++) {
          out[row * YARDSTICK + column] += share * b[k * YARDSTICK + column];
        }
      }
    }
    return out[0];
  };
}

/** Futures of one picture with the pack that ships: looking at it, hundreds of them, a slider's answer. */
export const benchPhoto: Section = async (report, skip) => {
  const source = await findPack("photo").catch(() => null);
  if (!source) return skip("no pack of one picture ships");
  const model = await openNodeForecaster(source);
  const { explorer, manifest } = model;
  const declared = manifest.inputs.find(({ what }) => what === "rgb");
  const size = manifest.offers.latent?.shape[0] ?? 0;
  if (!explorer || !declared) return skip("the pack takes no picture");
  const area = declared.shape.reduce<number>((product, axis) => product * Number(axis), 1);
  const history = createTracks(1, POINT_COUNT);
  history.tracksTN2.set(gridQueryXyN2());
  // Another picture every time: what was seen before is not looked at again.
  let shade = 0;
  const request = () => {
    shade++;
    const picture = Float32Array.from({ length: area }, (_, i) => (i * 7 + shade) % 256);
    return { inputs: { picture, history }, seeds: [1] };
  };
  const same = request();
  const exploration = await explorer.explore(same, { count: 1 });
  const latents = new Float32Array(MANY * size).fill(0.5);
  const measure = yardstick();
  const costs = await compareCosts(
    {
      [YARDSTICK_NAME]: measure,
      "picture seen once, one future": () => model.forecast(request(), () => undefined),
      [`${MANY} futures, modes and map`]: () => explorer.explore(same, { count: MANY }),
    },
    REPEATS,
  );
  await explorer.explore(same, { count: 1 });
  const { picture } = exploration.sight;
  const answers = await compareCosts(
    {
      [YARDSTICK_NAME]: measure,
      [`${MANY} fields`]: () => explorer.fields(picture, latents),
      "one field, a slider's answer": () => explorer.fields(picture, latents.slice(0, size)),
    },
    REPEATS,
  );
  for (const { [YARDSTICK_NAME]: own, ...rest } of [costs, answers]) {
    const reference = { what: YARDSTICK_NAME, cost: own };
    for (const [what, cost] of Object.entries(rest)) reportCost(report, cost, { what, reference });
  }
  await model.dispose();
};

import type { FlowCondition } from "./flow-model.ts";
import type { GraphTensor } from "./graph-runner.ts";

/** How a pack wants its futures spread: `factor` times as far from their centre. */
export interface Widening {
  readonly factor: number;
  /** Reference futures whose mean is the centre. */
  readonly references: number;
}

/** Reference seeds are negative, users' seeds are not: no future is compared with itself. */
export function referenceSeeds({ references }: Widening): number[] {
  return Array.from({ length: references }, (_, i) => -1 - i);
}

/**
 * The condition whose futures lie `factor` times as far from the mean of the reference futures, each
 * by itself: a seed's future does not depend on what else is drawn. Takes over `condition`.
 * References are run `batch` at a time; `beforeRun` may throw to end the work.
 */
export async function widened(
  condition: FlowCondition,
  widening: Widening,
  batch: number,
  beforeRun: () => void = () => {},
): Promise<FlowCondition> {
  const { field } = condition;
  let centre: Float32Array;
  try {
    centre = await centreOf(condition, referenceSeeds(widening), batch, beforeRun);
  } catch (error) {
    condition.release();
    throw error;
  }
  return {
    ...condition,
    async decode(latent, seeds) {
      const values = (await field.read(latent)).map((value, i) => {
        const middle = centre[i % centre.length];
        return middle + widening.factor * (value - middle);
      });
      const moved = field.write(values, latent);
      try {
        return await condition.decode(moved, seeds);
      } finally {
        field.release(moved);
      }
    },
  };
}

/** Mean latent at flow time 1 of the futures of `seeds`, reached in one step, row-major. */
async function centreOf(
  { source, field }: FlowCondition,
  seeds: readonly number[],
  batch: number,
  beforeRun: () => void,
): Promise<Float32Array> {
  const sum: number[] = [];
  for (let i = 0; i < seeds.length; i += batch) {
    beforeRun();
    const few = seeds.slice(i, i + batch);
    const start = await source(few);
    let end: GraphTensor;
    try {
      end = await field.advance(start, 0, 1);
    } finally {
      field.release(start);
    }
    try {
      const values = await field.read(end);
      const size = values.length / few.length;
      for (let k = 0; k < values.length; k++) sum[k % size] = (sum[k % size] ?? 0) + values[k];
    } finally {
      field.release(end);
    }
  }
  return Float32Array.from(sum, (value) => value / seeds.length);
}

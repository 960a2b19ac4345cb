import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { FormatError, PackError } from "../../../domain/errors.ts";
import type { Future } from "../../../domain/forecast.ts";
import { gridQueryXyN2 } from "../../../domain/grid.ts";
import type { FutureLatent, PictureSight } from "../../../domain/latent.ts";
import type { PhotoManifest } from "../../../domain/pack/photo.ts";
import type { ForecastRequest } from "../../../domain/ports.ts";
import { featureLikeness } from "../../completion/likeness.ts";
import { futureOfField, movesCamera } from "../../exploration/field.ts";
import { atRest, drawLatent } from "../../exploration/latent.ts";
import type { GraphRunner, GraphTensor } from "../graph-runner.ts";
import type { ForecastModel, LatentFields } from "../kind.ts";
import { releaseAll } from "../release-all.ts";
import { latentParts } from "./parts.ts";

const CAMERA_PATH = "camera_path";
/** Futures in one run of `fields`: their coefficients take 10 MB. */
const FIELDS_BATCH = 200;

/** A `photo` pack (domain/pack/photo.ts). The same seed, picture and pack give the same future. */
export function photoModel(runner: GraphRunner, manifest: PhotoManifest): ForecastModel {
  const { grid, latent } = manifest;
  checkBasis(manifest);
  return {
    runsPerBatch: () => 1,
    async condition({ inputs }: ForecastRequest) {
      const picture = pictureOf(inputs.picture, manifest);
      const seen = await look(runner, manifest, picture);
      const sight = sightOf(manifest, picture, seen);
      const fields = fieldsOf(runner, manifest, seen);
      const cameras = camerasOf(runner, manifest, seen);
      const { regressorCN } = seen;
      const blind = batched(runner, manifest, "blind", {});
      const rivals = regressorCN && {
        rivals: async (latentsKL: Float32Array) => {
          return { regressorCN, blindKCN: await blind(latentsKL) };
        },
      };
      const { z: held } = inputs;
      return {
        latent: { sight, fields, cameras, ...rivals },
        likeness: featureLikeness(sight.queryXyN2, grid, seen.features),
        async sample(seeds, { step, latents }) {
          step();
          const chosen = seeds.map((seed): Omit<FutureLatent, "picture"> => {
            const drawn =
              held instanceof Float32Array
                ? held
                : atRest(drawLatent(seed, latent.size), sight.parts);
            return latents?.[seed] ?? { z: Array.from(drawn) };
          });
          const zKL = Float32Array.from(chosen.flatMap(({ z }) => checkedLatent(z, latent.size)));
          const fieldsKCN = await fields(zKL);
          const size = fieldsKCN.length / seeds.length;
          const moves = movesCamera(sight, zKL);
          const pathsKT6 = moves.some(Boolean) ? await cameras?.(zKL) : undefined;
          return seeds.map((seed, k): Future => {
            const field = fieldsKCN.subarray(k * size, (k + 1) * size);
            const own = { ...chosen[k], picture: sight.picture };
            const { frameCount } = sight;
            const path = moves[k] && pathsKT6?.slice(6 * k * frameCount, 6 * (k + 1) * frameCount);
            if (!field.every(Number.isFinite) || (path && !path.every(Number.isFinite)))
              throw notANumber(seed);
            return { seed, ...futureOfField(sight, field, path || undefined), latent: own };
          });
        },
        release: () => undefined,
      };
    },
  };
}

/** What `look` gives, [N], [K,2,N], [D], [F,N]; basis and context go into every run of `fields`. */
type Seen = Readonly<Record<(typeof SEEN)[number], Float32Array>> &
  Pick<PictureSight, "finer"> & {
    /** [C,2,N]; absent where the pack brings no rivals. */
    readonly regressorCN?: Float32Array;
  };
const SEEN = ["moving", "extent", "basis", "context", "features"] as const;

async function look(
  runner: GraphRunner,
  { picture: { width, height }, refine = [], graphs }: PhotoManifest,
  picture: Float32Array,
): Promise<Seen> {
  const input = runner.upload([1, 3, height, width], picture);
  const asked = [
    ...SEEN,
    ...refine.map(({ output }) => output),
    ...(graphs.blind ? ["regressor"] : []),
  ];
  try {
    const outputs = await runner.run("look", { picture: input }, asked);
    try {
      const values = await Promise.all(asked.map((name) => runner.read(outputs[name])));
      const [moving, extent, basis, context, features, ...weights] = values;
      const finer = refine.map(({ factor }, i) => ({ factor, weights9M: weights[i] }));
      const regressorCN = weights.at(refine.length);
      const seen = { moving, extent, basis, context, features, finer };
      return regressorCN ? { ...seen, regressorCN } : seen;
    } finally {
      releaseAll(runner, outputs);
    }
  } finally {
    runner.release(input);
  }
}

function sightOf(manifest: PhotoManifest, picture: Float32Array, seen: Seen): PictureSight {
  const { grid, latent, timeBasis } = manifest;
  return {
    picture: bytesToHex(sha256(Uint8Array.from(picture, Math.round))),
    latentSize: latent.size,
    parts: latentParts(manifest),
    frameCount: timeBasis.frames,
    timeBasisCT: Float32Array.from(timeBasis.rows.flat()),
    queryXyN2: gridQueryXyN2(grid.anchor, grid),
    width: grid.width,
    height: grid.height,
    movingN: seen.moving,
    extentN: seen.extent,
    finer: seen.finer,
    happened: manifest.happened,
  };
}

function fieldsOf(
  runner: GraphRunner,
  manifest: PhotoManifest,
  seen: Seen,
): LatentFields["fields"] {
  return batched(runner, manifest, "fields", sharedOf(manifest, seen));
}

function camerasOf(
  runner: GraphRunner,
  manifest: PhotoManifest,
  seen: Seen,
): LatentFields["cameras"] {
  const given = manifest.graphs.fields.outputs.some(({ name }) => name === CAMERA_PATH);
  return given
    ? batched(runner, manifest, "fields", sharedOf(manifest, seen), CAMERA_PATH)
    : undefined;
}

/** What goes into every run of `fields`. */
function sharedOf({ grid }: PhotoManifest, { basis, context }: Seen) {
  const pointCount = grid.rows * grid.columns;
  return {
    basis: { dims: [basis.length / (2 * pointCount), 2, pointCount], values: basis },
    context: { dims: [context.length], values: context },
  };
}

interface Values {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** Latents [K,L] → coefficients [K,C,2,N], or another output, by the graph of a role, in bounded runs. */
function batched(
  runner: GraphRunner,
  { grid, latent, timeBasis }: PhotoManifest,
  role: string,
  shared: Readonly<Record<string, Values>>,
  output = "coefficients",
): LatentFields["fields"] {
  const pointCount = grid.rows * grid.columns;
  const size = output === CAMERA_PATH ? 6 * timeBasis.frames : timeBasis.count * 2 * pointCount;
  return async (latentsKL) => {
    const count = latentsKL.length / latent.size;
    const out = new Float32Array(count * size);
    for (let k = 0; k < count; k += FIELDS_BATCH) {
      const n = Math.min(FIELDS_BATCH, count - k);
      const part = latentsKL.slice(k * latent.size, (k + n) * latent.size);
      const inputs: Record<string, GraphTensor> = { z: runner.upload([n, latent.size], part) };
      for (const [name, { dims, values }] of Object.entries(shared)) {
        inputs[name] = runner.upload(dims, values);
      }
      try {
        const { [output]: made } = await runner.run(role, inputs, [output]);
        try {
          out.set(await runner.read(made), k * size);
        } finally {
          runner.release(made);
        }
      } finally {
        releaseAll(runner, inputs);
      }
    }
    return out;
  };
}

function checkBasis({ name, timeBasis, frames }: PhotoManifest): void {
  const { count, frames: length, rows } = timeBasis;
  const fits =
    rows.length === count &&
    rows.every((row) => row.length === length) &&
    length === frames.horizon;
  if (fits) return;
  throw new PackError(
    `The time basis of ${name} is not ${count} rows of ${frames.horizon} frames`,
    "Export the pack again.",
  );
}

function pictureOf(picture: unknown, { name, picture: { width, height } }: PhotoManifest) {
  if (picture instanceof Float32Array && picture.length === 3 * width * height) return picture;
  throw new FormatError(
    `${name} takes a picture of ${width}×${height}, which is not there`,
    "Open the photo again, or choose another model.",
  );
}

/** @throws FormatError where a latent is not `size` finite numbers. */
function checkedLatent(z: readonly number[], size: number): readonly number[] {
  if (z.length === size && z.every(Number.isFinite)) return z;
  throw new FormatError(
    `A latent of this model holds ${size} numbers, not ${z.length}`,
    "It is another model’s future: choose the model that made it.",
  );
}

function notANumber(seed: number): PackError {
  return new PackError(
    `The model gave a position that is not a number for seed ${seed}`,
    "Try another seed; if it happens again, load the pack again.",
  );
}

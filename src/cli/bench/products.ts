import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { CommonManifest } from "../../domain/pack/common.ts";
import type { Goldens } from "../../domain/pack/goldens.ts";
import {
  type Chain,
  matrixName,
  productGflops,
  productGraph,
  resultDims,
} from "./product-graph.ts";

/** What the export of a compact pack notes of its blocks. */
const networkSchema = z.object({
  width: z.int().positive(),
  heads: z.int().positive(),
  mlp_ratio: z.int().positive(),
});
type Network = z.infer<typeof networkSchema>;

/** The role under which the products of one block of `velocity` are measured. */
export const PRODUCTS = "products";
const FILE = "products.onnx";

/**
 * Runs `work` on a copy of the pack that has one graph more: the matrix products of one block of
 * `velocity` and nothing else. How fast they are bounds what any form of the graph can reach.
 */
export async function withProducts<T>(
  pack: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "foretrack-bench-"));
  try {
    await cp(pack, folder, { recursive: true });
    await addProducts(folder);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function addProducts(folder: string): Promise<void> {
  const read = async (name: string) => JSON.parse(await readFile(join(folder, name), "utf8"));
  const manifest: CommonManifest = await read("manifest.json");
  const network = networkSchema.safeParse(manifest.training?.network);
  if (!manifest.goldens || !network.success) return;
  const goldens: Goldens = await read(manifest.goldens);
  const [, tokens] = goldens.velocity.inputs.latent.dims;
  const chains = blockProducts(tokens, network.data);
  const inputs = chains.flatMap((chain, i) =>
    chain.map((dims, at) => ({ name: matrixName(i, at), shape: [...dims] })),
  );
  const outputs = chains.map((chain, i) => ({
    name: matrixName(i, chain.length),
    shape: [...resultDims(chain)],
  }));
  const gflops = Number(productGflops(chains).toPrecision(3));
  manifest.graphs[PRODUCTS] = { file: FILE, inputs, outputs, gflops };
  goldens[PRODUCTS] = {
    inputs: Object.fromEntries(
      inputs.map(({ name, shape: dims }) => {
        return [name, { dims, amplitude: 0.1, frequency: 0.37, offset: 0 }];
      }),
    ),
    // Only timed: no values to compare.
    outputs: Object.fromEntries(
      outputs.map(({ name, shape: dims }) => {
        return [name, { dims, indices: [], values: [], tolerance: 0 }];
      }),
    ),
  };
  const written = [
    { path: FILE, bytes: productGraph(chains) },
    { path: manifest.goldens, bytes: new TextEncoder().encode(JSON.stringify(goldens)) },
  ];
  for (const { path, bytes } of written) {
    await writeFile(join(folder, path), bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    manifest.files = manifest.files.filter((file) => file.path !== path);
    manifest.files.push({ path, bytes: bytes.length, sha256 });
  }
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
}

/**
 * Scores and their mixing in the first chain; in the second the products with queries, keys and
 * values, output, and the two of the MLP, in an order that keeps the results inside small.
 */
function blockProducts(tokens: number, { width, heads, mlp_ratio }: Network): readonly Chain[] {
  const head = width / heads;
  const inner = mlp_ratio * width;
  const attention: Chain = [
    [heads, tokens, head],
    [heads, head, tokens],
    [heads, tokens, head],
  ];
  const linear: Chain = [
    [tokens, width],
    [width, 3 * width],
    [inner, width],
    [width, width],
    [width, inner],
  ];
  return [attention, linear];
}

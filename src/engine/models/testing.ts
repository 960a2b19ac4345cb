import type { PackManifest } from "../../domain/pack/manifest.ts";
import { readManifest } from "./read-manifest.ts";

const io = { inputs: [], outputs: [] };

/** The JSON of a whole manifest of a compact pack, but for the parts given. For tests. */
export function manifestJson(part: object = {}) {
  const graphs = ["condition", "source", "velocity", "decode"].map((role) => {
    return [role, { file: `${role}.onnx`, ...io }] as const;
  });
  return {
    schema: "foretrack-pack",
    version: 1,
    id: "test-pack",
    name: "Test pack",
    kind: "compact",
    licence: "Apache-2.0",
    grid: { rows: 15, columns: 26, width: 832, height: 480, anchor: "cell-centre" },
    frames: { history: 81, horizon: 81 },
    anchorFrame: "last-history",
    flow: { source: "scenario", timeDirection: "0-source-1-data" },
    latent: { shape: ["k", 393, 4] },
    defaultSampler: { solver: "euler", steps: 4 },
    graphs: Object.fromEntries(graphs),
    files: graphs.map(([, { file }]) => ({ path: file, bytes: 10, sha256: "0".repeat(64) })),
    ...part,
  };
}

/** The same, read as any manifest is. */
export function testManifest(part: object = {}): PackManifest {
  return readManifest(manifestJson(part), "the test");
}

/** The parts in which a TrajLoom pack differs; `video`, `text`: what its graphs take besides. */
export function trajloomPart({ video = false, text = 0 } = {}) {
  const conditions = text > 0 ? [{ name: "text_embedding", shape: [1, text] }] : [];
  const roles = ["encode", "velocity", "decode", "visibility", ...(video ? ["video"] : [])];
  const taken: Readonly<Record<string, object[]>> = {
    velocity: conditions,
    video: [{ name: "video", shape: [1, 3, 81, 120, 208] }],
  };
  return {
    kind: "trajloom",
    anchorFrame: "first-history",
    grid: { rows: 15, columns: 26, width: 832, height: 480, anchor: "cell-corner" },
    flow: { source: "anchored-noise", timeDirection: "0-source-1-data" },
    graphs: Object.fromEntries(
      roles.map((role) => {
        return [role, { file: "graphs.onnx", inputs: taken[role] ?? [], outputs: [] }];
      }),
    ),
    files: [{ path: "graphs.onnx", bytes: 10, sha256: "1".repeat(64) }],
  };
}

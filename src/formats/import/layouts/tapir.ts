import type { Layout } from "./layout.ts";

const VISIBLE = "occlusion and expected_dist";

/**
 * TAPIR's raw outputs: `occlusion` and `expected_dist` of one shape, both logits. A point is visible
 * where (1 − σ(occlusion)) · (1 − σ(expected_dist)) > 0.5, as tapnet's own tools compute it.
 */
export const tapir: Layout = {
  recognise({ arrays }) {
    const occlusion = arrays.get("occlusion") ?? arrays.get("occlusions");
    const distance = arrays.get("expected_dist") ?? arrays.get("expected_distance");
    if (!occlusion || occlusion.shape.join() !== distance?.shape.join()) return null;
    const data = Float64Array.from(
      occlusion.data,
      (logit, i) => (1 - sigmoid(logit)) * (1 - sigmoid(distance.data[i])),
    );
    return {
      derived: new Map([[VISIBLE, { shape: occlusion.shape, dtype: "float64", data }]]),
      hints: {
        looksLike: "TAP-Vid / TAPIR",
        visibility: { array: VISIBLE, meaning: "visible", threshold: 0.5 },
        notes: [
          "A point is visible where it is likely neither occluded nor far off: (1−σ(occlusion))·(1−σ(expected_dist)) > 0.5.",
        ],
      },
    };
  },
};

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

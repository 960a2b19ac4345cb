import { expect, test } from "vitest";
import { type FieldManifest, tellsPaths } from "./field.ts";

test("a pack tells paths where its graph has all of their outputs; one of depth alone is one as before", () => {
  const of = (...names: string[]) => {
    const outputs = names.map((name) => ({ name, shape: ["points"] }));
    const graphs = { tell: { file: "tell.onnx", inputs: [], outputs } };
    return { graphs } as unknown as FieldManifest;
  };
  const depth = ["inverse_depth", "sigma_log", "moving"];
  expect(tellsPaths(of(...depth))).toBe(false);
  expect(tellsPaths(of(...depth, "rotation", "translation"))).toBe(false);
  expect(tellsPaths(of(...depth, "met_depth", "rotation", "translation", "control"))).toBe(true);
});

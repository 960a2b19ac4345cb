import { expect, test } from "vitest";
import { studio } from "../studio.ts";
import { restoredView } from "./viewSlice.ts";

test("view settings of earlier builds come back with their overlays", () => {
  const { layers: _, ...defaults } = studio().view;
  const saved = {
    ...defaults,
    mode: "spacetime" as const,
    showPast: false,
    showFutures: true,
    showTruth: true,
    showEnsemble: false,
    heat: "spread",
  };
  const view = restoredView(studio().view, saved);
  expect(view).toEqual({
    ...defaults,
    mode: "spacetime",
    layers: { history: "off", futures: "on", truth: "on", ensemble: "off", heat: "spread" },
  });
  expect(restoredView(studio().view, view)).toEqual(view);
  expect(restoredView(studio().view, { stride: 1 })).toEqual({ ...studio().view, stride: 1 });
});

test("one overlay is set without the others", () => {
  studio().setLayer("truth", "on");
  studio().setLayer("heat", "spread");
  expect(studio().view.layers).toEqual({ truth: "on", heat: "spread" });
});

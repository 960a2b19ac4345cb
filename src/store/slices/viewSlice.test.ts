import { expect, test } from "vitest";
import { fakeStudio } from "../testing.ts";
import { restoredView } from "./viewSlice.ts";

test("view settings of earlier builds come back with their overlays", () => {
  const { studio } = fakeStudio();
  const { layers: _, ...defaults } = studio.state.view;
  const saved = {
    ...defaults,
    mode: "spacetime" as const,
    showPast: false,
    showFutures: true,
    showTruth: true,
    showEnsemble: false,
    heat: "spread",
  };
  const view = restoredView(studio.state.view, saved);
  expect(view).toEqual({
    ...defaults,
    mode: "spacetime",
    layers: { history: "off", futures: "on", truth: "on", ensemble: "off", heat: "spread" },
  });
  expect(restoredView(studio.state.view, view)).toEqual(view);
  expect(restoredView(studio.state.view, { stride: 1 })).toEqual({
    ...studio.state.view,
    stride: 1,
  });
});

test("one overlay is set without the others", () => {
  const { studio } = fakeStudio();
  studio.state.setLayer("truth", "on");
  studio.state.setLayer("heat", "spread");
  expect(studio.state.view.layers).toEqual({ truth: "on", heat: "spread" });
});

import { beforeEach, expect, test } from "vitest";
import { gridQueryXyN2 } from "../../domain/grid.ts";
import { openClip } from "../../store/actions/clip.ts";
import { forecast } from "../../store/actions/forecast.ts";
import type { Studio } from "../../store/studio.ts";
import { fakeStudio } from "../../store/testing.ts";
import { heatOverlay } from "../../viewport/layers/heat.ts";
import { settingOf } from "../../viewport/layers/list.ts";
import { truthOverlay } from "../../viewport/layers/truth.ts";
import { overlayGap } from "./overlayGap.ts";

let studio: Studio;

beforeEach(() => {
  ({ studio } = fakeStudio());
});

const heatGap = () =>
  overlayGap(studio.state, studio, heatOverlay, settingOf(studio.state.view.layers, heatOverlay));

test("a heat map that cannot be shown says why", async () => {
  await openClip(studio, new File(["a clip"], "made.mp4"));
  studio.state.setLayer("heat", "spread");
  expect(heatGap()).toBeNull();
  await forecast(studio);
  expect(heatGap()).toBeNull();
  const { historyId = "" } = studio.state.history.present.origin ?? {};
  expect(overlayGap(studio.state, studio, heatOverlay, "spread")).toBeNull();
  await expect.poll(() => studio.bulk.truths.has(historyId)).toBe(true);
  expect(overlayGap(studio.state, studio, truthOverlay, "on")).toBeNull();
  studio.bulk.truths.delete(historyId);
  expect(overlayGap(studio.state, studio, truthOverlay, "on")).toMatch(/not known/);
  studio.state.setLayer("heat", "difference");
  expect(heatGap()).toMatch(/what really happened/);
  const tracked = studio.bulk.histories.get(historyId);
  if (!tracked) throw new Error("no history");
  const queryXyN2 = gridQueryXyN2().map((v, i) => v + Math.sin(i));
  studio.bulk.histories.set(historyId, { ...tracked, queryXyN2, referenceFrame: "first-history" });
  expect(heatGap()).toMatch(/left it by “now”/);
  studio.state.setLayer("heat", "off");
  expect(heatGap()).toBeNull();
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { gridQueryXyN2 } from "../../domain/grid.ts";
import { openClip } from "../../store/actions/clip.ts";
import { forecast } from "../../store/actions/forecast.ts";
import { bulk } from "../../store/bulk.ts";
import { studio, useStudio } from "../../store/studio.ts";
import { installFakeRuntimes } from "../../store/testing.ts";
import { heatOverlay } from "../../viewport/layers/heat.ts";
import { settingOf } from "../../viewport/layers/list.ts";
import { truthOverlay } from "../../viewport/layers/truth.ts";
import { overlayGap } from "./overlayGap.ts";

const initial = useStudio.getInitialState();

beforeEach(() => {
  useStudio.setState(initial, true);
  installFakeRuntimes();
});

afterEach(() => vi.unstubAllGlobals());

const heatGap = () =>
  overlayGap(studio(), heatOverlay, settingOf(studio().view.layers, heatOverlay));

test("a heat map that cannot be shown says why", async () => {
  await openClip(new File(["a clip"], "made.mp4"));
  studio().setLayer("heat", "spread");
  expect(heatGap()).toBeNull();
  await forecast();
  expect(heatGap()).toBeNull();
  const { historyId = "" } = studio().history.present.origin ?? {};
  expect(overlayGap(studio(), heatOverlay, "spread")).toBeNull();
  await expect.poll(() => bulk.truths.has(historyId)).toBe(true);
  expect(overlayGap(studio(), truthOverlay, "on")).toBeNull();
  bulk.truths.delete(historyId);
  expect(overlayGap(studio(), truthOverlay, "on")).toMatch(/not known/);
  studio().setLayer("heat", "difference");
  expect(heatGap()).toMatch(/what really happened/);
  const tracked = bulk.histories.get(historyId);
  if (!tracked) throw new Error("no history");
  const queryXyN2 = gridQueryXyN2().map((v, i) => v + Math.sin(i));
  bulk.histories.set(historyId, { ...tracked, queryXyN2, referenceFrame: "first-history" });
  expect(heatGap()).toMatch(/left it by “now”/);
  studio().setLayer("heat", "off");
  expect(heatGap()).toBeNull();
});

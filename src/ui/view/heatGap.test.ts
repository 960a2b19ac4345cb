import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { gridQueryXyN2 } from "../../domain/grid.ts";
import { openClip } from "../../store/actions/clip.ts";
import { forecast } from "../../store/actions/forecast.ts";
import { bulk } from "../../store/bulk.ts";
import { studio, useStudio } from "../../store/studio.ts";
import { installFakeRuntimes } from "../../store/testing.ts";
import { heatGap } from "./HeatHint.tsx";

const initial = useStudio.getInitialState();

beforeEach(() => {
  useStudio.setState(initial, true);
  installFakeRuntimes();
});

afterEach(() => vi.unstubAllGlobals());

test("a heat map that cannot be shown says why", async () => {
  await openClip(new File(["a clip"], "made.mp4"));
  studio().setView({ heat: "spread" });
  expect(heatGap(studio())).toBeNull();
  await forecast();
  expect(heatGap(studio())).toBeNull();
  const { historyId = "" } = studio().history.present.origin ?? {};
  await expect.poll(() => bulk.truths.has(historyId)).toBe(true);
  bulk.truths.delete(historyId);
  studio().setView({ heat: "difference" });
  expect(heatGap(studio())).toMatch(/what really happened/);
  const past = bulk.histories.get(historyId)!;
  const queryXyN2 = gridQueryXyN2().map((v, i) => v + Math.sin(i));
  bulk.histories.set(historyId, { ...past, queryXyN2, referenceFrame: "first-history" });
  expect(heatGap(studio())).toMatch(/left it by “now”/);
  studio().setView({ heat: "none" });
  expect(heatGap(studio())).toBeNull();
});

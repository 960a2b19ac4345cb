import { beforeEach, expect, test } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { openClip } from "../../store/actions/clip.ts";
import { putEdit } from "../../store/actions/edits.ts";
import { forecast } from "../../store/actions/forecast.ts";
import { solo } from "../../store/actions/futures.ts";
import type { Studio } from "../../store/studio.ts";
import { fakeStudio } from "../../store/testing.ts";
import { sceneOptions } from "./sceneData.ts";
import { activeTool, editMarks, motionUnder } from "./tools.ts";

let studio: Studio;

beforeEach(async () => {
  ({ studio } = fakeStudio());
  await openClip(studio, new File(["a clip"], "made.mp4"));
});

test("a tool that edits gives way while nothing can be edited, and comes back", async () => {
  studio.state.setTool("pin");
  expect(activeTool(studio.state, studio).id).toBe("select");
  await forecast(studio);
  expect(activeTool(studio.state, studio).id).toBe("pin");
  studio.state.setView({ camera: "followed" });
  expect(activeTool(studio.state, studio).id).toBe("select");
  studio.state.setTool("no such tool");
  expect(activeTool(studio.state, studio).id).toBe("select");
});

test("edits are marked where they want their points, but not under another camera", async () => {
  putEdit(studio, pinOf("a", "Pin 1", 27, 40, [100, 60]));
  expect(editMarks(studio.state, studio)).toEqual([]);
  await forecast(studio);
  studio.state.selectEdit("a");
  expect(editMarks(studio.state, studio)).toEqual([
    {
      ...{ editId: "a", handle: 0, label: "Pin 1", isOn: true, isSelected: true },
      // Frame 40 of the horizon is the 41st after "now".
      ...{ frame: 41, x: 100, y: 60, fromX: 48, fromY: 48 },
    },
  ]);
  const { view, history } = studio.state;
  expect(sceneOptions(studio, history.present, view).keptPoints).toEqual([27]);
  studio.state.setView({ camera: "held" });
  expect(editMarks(studio.state, studio)).toEqual([]);
});

test("a click on a point's past means the future that is shown alone, and none where there are several", async () => {
  await forecast(studio);
  const [past, truth] = ["history", "truth"].map((layer) => ({ layer, slot: null }));
  const meant = (pick: Parameters<typeof motionUnder>[1]) => motionUnder(studio.state, pick);
  expect(meant({ layer: "futures", slot: 4 })).toBe(5);
  expect([meant(past), meant(truth), meant(null)]).toEqual([null, "truth", null]);
  solo(studio, 3);
  expect([meant(past), meant(truth), meant(null)]).toEqual([3, "truth", null]);
});

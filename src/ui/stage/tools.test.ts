import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { openClip } from "../../store/actions/clip.ts";
import { putEdit } from "../../store/actions/edits.ts";
import { forecast } from "../../store/actions/forecast.ts";
import { studio, useStudio } from "../../store/studio.ts";
import { installFakeRuntimes } from "../../store/testing.ts";
import { sceneOptions } from "./sceneData.ts";
import { activeTool, editMarks } from "./tools.ts";

const initial = useStudio.getInitialState();

beforeEach(async () => {
  useStudio.setState(initial, true);
  installFakeRuntimes();
  await openClip(new File(["a clip"], "made.mp4"));
});

afterEach(() => vi.unstubAllGlobals());

test("a tool that edits gives way while nothing can be edited, and comes back", async () => {
  studio().setTool("pin");
  expect(activeTool(studio()).id).toBe("select");
  await forecast();
  expect(activeTool(studio()).id).toBe("pin");
  studio().setView({ camera: "followed" });
  expect(activeTool(studio()).id).toBe("select");
  studio().setTool("no such tool");
  expect(activeTool(studio()).id).toBe("select");
});

test("edits are marked where they want their points, but not under another camera", async () => {
  putEdit(pinOf("a", "Pin 1", 27, 40, [100, 60]));
  expect(editMarks(studio())).toEqual([]);
  await forecast();
  studio().selectEdit("a");
  expect(editMarks(studio())).toEqual([
    {
      ...{ editId: "a", handle: 0, label: "Pin 1", isOn: true, isSelected: true },
      // Frame 40 of the horizon is the 41st after "now".
      ...{ frame: 41, x: 100, y: 60, fromX: 48, fromY: 48 },
    },
  ]);
  const { view, history } = studio();
  expect(sceneOptions(history.present, view).keptPoints).toEqual([27]);
  studio().setView({ camera: "held" });
  expect(editMarks(studio())).toEqual([]);
});

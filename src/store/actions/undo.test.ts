import { expect, test } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { fakeStudio } from "../testing.ts";
import { openClip } from "./clip.ts";
import { putEdit } from "./edits.ts";
import { forecast } from "./forecast.ts";
import { redo, undo } from "./undo.ts";

test("after an undo the status tells what is on stage, not what was undone", async () => {
  const { studio } = fakeStudio();
  await openClip(studio, new File(["a clip"], "first.mp4"));
  await openClip(studio, new File(["another"], "second.mp4"));
  expect(studio.state.status).toMatch(/^second\.mp4 is open/);
  undo(studio);
  // The fake decoder names every clip the same; what counts is that the opening is not told any more.
  expect(studio.state.status).toBe("Undone: made.mp4");
  undo(studio);
  expect(studio.state.status).toBe("Undone: no clip is open");
  undo(studio);
  redo(studio);
  expect(studio.state.status).toBe("Redone: made.mp4");
  await forecast(studio);
  putEdit(studio, pinOf("a", "Pin 1", 27, 40, [78, 88]));
  undo(studio);
  expect(studio.state.status).toBe("Undone: made.mp4, 8 futures");
  redo(studio);
  expect(studio.state.status).toBe("Redone: made.mp4, 8 futures, 1 edit");
});

test("what is running goes on telling of itself", async () => {
  const { studio } = fakeStudio();
  await openClip(studio, new File(["a clip"], "first.mp4"));
  studio.state.enterPhase("forecasting", "Forecasting future 3 of 8");
  undo(studio);
  expect(studio.state.status).toBe("Forecasting future 3 of 8");
  studio.store.setState({ phase: "idle" });
});

import { beforeEach, expect, test, vi } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { POINT_COUNT } from "../../domain/grid.ts";
import { openClip } from "../../store/actions/clip.ts";
import { forecast } from "../../store/actions/forecast.ts";
import { solo, toggleLock } from "../../store/actions/futures.ts";
import type { Studio } from "../../store/studio.ts";
import { fakeStudio } from "../../store/testing.ts";
import { bindPreview, type Previewed } from "./previewBinding.ts";

let studio: Studio;
let shown: (Previewed | null)[];
let frames: (() => void)[];

/** The animation frames that were asked for. */
function nextFrame(): void {
  for (const frame of frames.splice(0)) frame();
}

beforeEach(async () => {
  ({ studio } = fakeStudio());
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => frames.push(frame));
  vi.stubGlobal("cancelAnimationFrame", () => undefined);
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await forecast(studio);
  shown = [];
  bindPreview(studio, (preview) => shown.push(preview));
});

const pin = (x: number) => pinOf("", "", 27, 40, [x, 60]);

test("many moves between two frames are one preview, of the last of them", () => {
  for (const x of [60, 70, 80]) studio.state.setPreview(pin(x));
  nextFrame();
  expect(shown).toHaveLength(1);
  expect(shown[0]?.slotId).toBe(1);
  expect(shown[0]?.future.tracks.tracksTN2[2 * (40 * POINT_COUNT + 27)]).toBeCloseTo(80, 3);
  studio.state.setPreview(null);
  nextFrame();
  expect(shown.at(-1)).toBeNull();
  expect(studio.state.history.present.edits).toEqual([]);
});

test("the future on solo answers; a locked one does not, as it will not follow", () => {
  solo(studio, 3);
  studio.state.setPreview(pin(70));
  nextFrame();
  expect(shown.at(-1)?.slotId).toBe(3);
  toggleLock(studio, 3);
  studio.state.setPreview(pin(71));
  nextFrame();
  expect(shown.at(-1)).toBeNull();
});

test("after the release it stays until its own future has come, or the run has ended", () => {
  studio.state.setPreview(pin(70));
  nextFrame();
  studio.state.setRun({ phase: "forecasting" });
  studio.state.setPreview(null);
  nextFrame();
  expect(shown).toHaveLength(1);
  studio.state.setRun({ phase: "idle" });
  nextFrame();
  expect(shown.at(-1)).toBeNull();
});

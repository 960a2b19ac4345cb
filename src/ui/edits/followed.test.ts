import { expect, test } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { openClip } from "../../store/actions/clip.ts";
import { putEdit } from "../../store/actions/edits.ts";
import { forecast } from "../../store/actions/forecast.ts";
import { solo } from "../../store/actions/futures.ts";
import { selectDocument } from "../../store/studio.ts";
import { fakeStudio } from "../../store/testing.ts";
import { followedEdits, movedWords } from "./followed.ts";

test("tells of the future on solo, or the first one, beside the same seed's free future", async () => {
  const { studio } = fakeStudio();
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await forecast(studio);
  const followed = () => followedEdits(studio, selectDocument(studio.state));
  expect(followed()).toBeNull();
  // The made futures stand still, whatever is asked of them.
  putEdit(studio, pinOf("a", "Pin 1", 27, 40, [78, 88]));
  expect(followed()).toMatchObject({ slotId: 1, movedPx: 0 });
  expect(followed()?.missPx.get("a")).toBeCloseTo(50, 3);
  await forecast(studio);
  solo(studio, 2);
  expect(followed()).toMatchObject({ slotId: 2, movedPx: 0 });
});

test("says nothing of what is not known", () => {
  expect(movedWords({ slotId: 2, missPx: new Map(), movedPx: 12.34 })).toBe(
    "Future 2: points without an edit moved by 12.3 px on average.",
  );
  expect(movedWords({ slotId: 2, missPx: new Map(), movedPx: null })).toBeNull();
});

import { expect, test, vi } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { openClip } from "../../store/actions/clip.ts";
import { editsFile } from "../../store/actions/edit-files.ts";
import { putEdit } from "../../store/actions/edits.ts";
import { showError } from "../../store/actions/notices.ts";
import { selectDocument } from "../../store/studio.ts";
import { fakeStudio } from "../../store/testing.ts";
import { offerTracks } from "../import/offer.ts";
import { takeFiles } from "./intake.ts";

vi.mock("../import/offer.ts", () => ({ offerTracks: vi.fn() }));

const clipFile = () => new File(["a clip"], "made.mp4");

test("an error that is still on screen keeps nothing out that is brought after it", async () => {
  const { studio } = fakeStudio();
  await openClip(studio, clipFile());
  putEdit(studio, pinOf("a", "Pin 1", 27, 40, [78, 88]));
  const bytes = editsFile(studio) ?? new Uint8Array();
  const edits = new File([bytes as Uint8Array<ArrayBuffer>], "made.edits.json");
  const tracks = new File(["frame,point,x,y\n0,0,1,1\n"], "made.csv");
  const failed = () => showError(studio, new Error("empty.mp4 is empty"));

  failed();
  await takeFiles(studio, [tracks]);
  expect(offerTracks).toHaveBeenLastCalledWith(studio, [tracks]);
  failed();
  await takeFiles(studio, [edits]);
  expect(selectDocument(studio.state).edits).toHaveLength(2);
  failed();
  await takeFiles(studio, [edits, new File(["%PDF"], "terms.pdf")]);
  expect(studio.state.notice?.message).toContain("not used: terms.pdf");
});

test("beside a clip that cannot be opened nothing else is laid on the clip of before", async () => {
  const { studio } = fakeStudio();
  await openClip(studio, clipFile());
  vi.mocked(offerTracks).mockClear();
  const tracks = new File(["frame,point,x,y\n0,0,1,1\n"], "other.csv");
  await takeFiles(studio, [new File([], "other.mp4"), tracks]);
  expect(studio.state.notice?.message).toContain("other.mp4 is empty");
  expect(offerTracks).not.toHaveBeenCalled();
});

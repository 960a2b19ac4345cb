import { expect, test, vi } from "vitest";
import { pinOf } from "../../domain/edits/pin.ts";
import { writeDocument } from "../../formats/document/document.ts";
import { openClip } from "../../store/actions/clip.ts";
import { editsFile } from "../../store/actions/edit-files.ts";
import { putEdit } from "../../store/actions/edits.ts";
import { forecast } from "../../store/actions/forecast.ts";
import { showError } from "../../store/actions/notices.ts";
import { forecastOf } from "../../store/forecastOf.ts";
import { type Studio, selectDocument } from "../../store/studio.ts";
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

/** The futures on screen as a file would hold them. */
function savedForecast(studio: Studio): File {
  const document = selectDocument(studio.state);
  const forecast = forecastOf(studio, document, document.slots, "sampled");
  if (!forecast || !document.origin) throw new Error("nothing was forecast");
  const bytes = writeDocument({ forecast, clip: document.origin.clip });
  return new File([Uint8Array.from(bytes)], "made.foretrack.json");
}

test("a clip and its forecast that come together are both there", async () => {
  const { studio } = fakeStudio();
  await openClip(studio, clipFile());
  await forecast(studio);
  const saved = savedForecast(studio);
  for (let i = 0; i < 2; i++) studio.state.undo();
  await takeFiles(studio, [saved, clipFile()]);
  const { clipId, slots } = selectDocument(studio.state);
  expect(clipId).not.toBeNull();
  expect(slots.every(({ futureId }) => studio.bulk.futures.has(futureId ?? ""))).toBe(true);
  expect(slots).toHaveLength(8);
  expect(studio.state.notice).toBeNull();
});

test("whatever is damaged or unused beside a good clip is told, all of it", async () => {
  const { studio } = fakeStudio();
  vi.mocked(offerTracks).mockImplementation(async () => studio.state.setRun({ notice: null }));
  const damaged = new File(['{"schema": "foretrack-forecast", "vers'], "made.foretrack.json");
  const edits = new File(['{"schema": "foretrack-edits", "vers'], "made.edits.json");
  const tracks = new File(["frame,point,x,y\n0,0,1,1\n"], "made.csv");
  const terms = new File(["%PDF"], "terms.pdf");
  await takeFiles(studio, [damaged, clipFile()]);
  expect(selectDocument(studio.state).clipId).not.toBeNull();
  expect(studio.state.notice).toMatchObject({ kind: "error" });
  const alone = studio.state.notice?.message ?? "";
  await takeFiles(studio, [damaged, clipFile(), tracks, edits, terms]);
  expect(studio.state.notice?.kind).toBe("error");
  const message = studio.state.notice?.message ?? "";
  expect(message.split(" · ")).toHaveLength(3);
  expect(message.startsWith(`${alone} · `)).toBe(true);
  expect(message).toContain("not used: terms.pdf");
});

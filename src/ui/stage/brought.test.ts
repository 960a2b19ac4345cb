import { expect, test } from "vitest";
import { exportForecast } from "../../formats/export/common/run.ts";
import { fixtureDocument } from "../../formats/fixture.ts";
import { numberedPictures, sortBrought } from "./brought.ts";

const file = (name: string, content: string | Uint8Array = "x") =>
  new File([content as BlobPart], name);

test("whatever the order, clips, tracks, pictures and our own files are told apart", async () => {
  const points = [3];
  const document = fixtureDocument();
  const brought = await sortBrought([
    file("tracks.npy", exportForecast(document, "wan2gp", { points }).bytes),
    file("notes.md"),
    file("forecast.json", exportForecast(document, "json", { points }).bytes),
    file("walk.mp4"),
    file(".DS_Store"),
    file("photo.png"),
  ]);
  const names = Object.entries(brought).map(([kind, files]) => [
    kind,
    files.map(({ name }: File) => name),
  ]);
  expect(Object.fromEntries(names)).toEqual({
    clips: ["walk.mp4"],
    pictures: ["photo.png"],
    tracks: ["tracks.npy"],
    documents: ["forecast.json"],
    edits: [],
    others: ["notes.md"],
  });
});

test("a file alone is opened whatever it is called, so that it is told what it is", async () => {
  const { clips, others } = await sortBrought([file("notes.md")]);
  expect([clips.length, others.length]).toEqual([1, 0]);
});

test("numbered pictures are in the order of their numbers", () => {
  const series = numberedPictures([file("f10.png"), file("f9.png"), file("f011.png")]);
  expect(series?.map(({ name }) => name)).toEqual(["f9.png", "f10.png", "f011.png"]);
  expect(numberedPictures([file("f1.png")])).toBeNull();
  expect(numberedPictures([file("f1.png"), file("g2.png")])).toBeNull();
  expect(numberedPictures([file("f1.png"), file("f2.jpg")])).toBeNull();
  expect(numberedPictures([file("f1.png"), file("f01.png")])).toBeNull();
  expect(numberedPictures([file("walk.png"), file("run.png")])).toBeNull();
});

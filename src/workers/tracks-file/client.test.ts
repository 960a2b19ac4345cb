import { expect, test, vi } from "vitest";
import { CancelledError, FormatError, RuntimeLostError } from "../../domain/errors.ts";
import { writeForecastNpz } from "../../formats/document/forecast-npz.ts";
import { fixtureDocument } from "../../formats/fixture.ts";
import { InProcessThread } from "../channel/in-process.ts";
import { TracksFile } from "./client.ts";
import { tracksFileHandlers } from "./server.ts";

function inProcess(): InProcessThread {
  return InProcessThread.serving(tracksFileHandlers(), { oneAtATime: true });
}

const clip = { displaySize: { width: 832, height: 480 }, fit: "cover" } as const;
const { forecast } = fixtureDocument(1);

function opened(bytes: Uint8Array, name: string) {
  const worker = inProcess();
  const file = new File([bytes as Uint8Array<ArrayBuffer>], name);
  return { worker, tracksFile: new TracksFile([file], () => worker) };
}

test("opens, proposes for another array, and reads as chosen", async () => {
  const { tracksFile } = opened(writeForecastNpz(forecast), "forecast.npz");
  const { proposal } = await tracksFile.open(clip);
  const { tracks } = await tracksFile.read(proposal);
  expect(tracks.tracksTN2).toEqual(forecast.history.tracksTN2);
  const other = await tracksFile.inspect("truth_tracks_tn2");
  const read = await tracksFile.read(other.proposal);
  expect(read.tracks.tracksTN2).toEqual(forecast.truth?.tracksTN2);
});

test("a bad file and a bad choice keep the class of their errors; the next question is answered", async () => {
  const pickle = opened(Uint8Array.of(0x80, 4, 0x95, 0), "tapvid.pkl").tracksFile;
  await expect(pickle.open(clip)).rejects.toBeInstanceOf(FormatError);
  const { tracksFile } = opened(writeForecastNpz(forecast), "forecast.npz");
  const { proposal } = await tracksFile.open(clip);
  const wrong = tracksFile.read({ ...proposal, axes: "BTCHW" });
  await expect(wrong).rejects.toBeInstanceOf(FormatError);
  expect((await tracksFile.read(proposal)).tracks.frameCount).toBe(81);
});

test("a dead thread and a closed file reject what is under way", async () => {
  const { worker, tracksFile } = opened(writeForecastNpz(forecast), "forecast.npz");
  const lost = tracksFile.open(clip);
  worker.crash();
  await expect(lost).rejects.toBeInstanceOf(RuntimeLostError);
  const closed = opened(writeForecastNpz(forecast), "forecast.npz").tracksFile;
  const reading = closed.open(clip);
  closed.close();
  await expect(reading).rejects.toBeInstanceOf(CancelledError);
});

test("after its thread has died the next question opens the file again on a new one", async () => {
  const workers: InProcessThread[] = [];
  const file = new File([writeForecastNpz(forecast) as Uint8Array<ArrayBuffer>], "forecast.npz");
  const tracksFile = new TracksFile([file], () => {
    workers.push(inProcess());
    return workers.at(-1)!;
  });
  const { proposal } = await tracksFile.open(clip);
  workers[0].crash();
  expect((await tracksFile.read(proposal)).tracks.frameCount).toBe(81);
  expect(workers).toHaveLength(2);
  tracksFile.close();
  await expect(tracksFile.read(proposal)).rejects.toBeInstanceOf(CancelledError);
  expect(workers).toHaveLength(2);
});

test("a file that was closed before it was asked starts no thread", async () => {
  const startThread = vi.fn(inProcess);
  const tracksFile = new TracksFile([new File(["x"], "a.npy")], startThread);
  tracksFile.close();
  await expect(tracksFile.open(clip)).rejects.toBeInstanceOf(CancelledError);
  expect(startThread).not.toHaveBeenCalled();
});

import { expect, test } from "vitest";
import { CancelledError, FormatError, RuntimeLostError } from "../../domain/errors.ts";
import { writeForecastNpz } from "../../formats/document/forecast-npz.ts";
import { fixtureDocument } from "../../formats/fixture.ts";
import { TracksFile, type WorkerLike } from "./client.ts";
import type { TracksFileRequest } from "./protocol.ts";
import { createTracksFileServer } from "./server.ts";

/** A worker in this process: messages are cloned, as across threads, but for the file. */
class InProcessWorker implements WorkerLike {
  private readonly events = new EventTarget();
  private readonly serve = createTracksFileServer((reply) => {
    const data = structuredClone(reply);
    this.events.dispatchEvent(new MessageEvent("message", { data }));
  });

  postMessage(message: unknown): void {
    setTimeout(() => this.serve(message as TracksFileRequest));
  }

  terminate(): void {}

  addEventListener(type: string, listener: unknown): void {
    this.events.addEventListener(type, listener as EventListener);
  }

  crash(): void {
    this.events.dispatchEvent(Object.assign(new Event("error"), { message: "" }));
  }
}

const clip = { displaySize: { width: 832, height: 480 }, fit: "cover" } as const;
const { forecast } = fixtureDocument(1);

function opened(bytes: Uint8Array, name: string) {
  const worker = new InProcessWorker();
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
  const workers: InProcessWorker[] = [];
  const file = new File([writeForecastNpz(forecast) as Uint8Array<ArrayBuffer>], "forecast.npz");
  const tracksFile = new TracksFile([file], () => {
    workers.push(new InProcessWorker());
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

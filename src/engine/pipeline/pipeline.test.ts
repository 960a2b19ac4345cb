import { expect, test } from "vitest";
import type { Frame } from "../../domain/clip.ts";
import { wishOf } from "../../domain/edits/wish.ts";
import { CancelledError } from "../../domain/errors.ts";
import { gridQueryXyN2 } from "../../domain/grid.ts";
import { type PackGeometry, packGeometry, STUDIO_GEOMETRY } from "../../domain/pack/geometry.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { OpenClip, PointTracker } from "../../domain/ports.ts";
import { createTracks } from "../../domain/tracks.ts";
import { testManifest, trajloomPart } from "../models/testing.ts";
import type { PipelineEvent } from "./events.ts";
import { geometryKey } from "./geometry-key.ts";
import { trackGroundTruth } from "./ground-truth.ts";
import { trackHistory } from "./history.ts";
import { type RunRequest, runForecast } from "./run.ts";
import { type Calls, fakeCalls, fakeClip, fakeModel, fakeTracker, greyOf } from "./testing.ts";

const SHORT: PackGeometry = { ...STUDIO_GEOMETRY, historyFrames: 5, horizonFrames: 4 };
const FIRST: PackGeometry = { ...SHORT, referenceFrame: "first-history", anchor: "cell-corner" };
const SEES = testManifest(trajloomPart({ video: true }));

function portsOf(calls: Calls, frameCount = 20) {
  return { clip: fakeClip(calls, frameCount), tracker: async () => fakeTracker(calls) };
}

function requestOf(part: Partial<RunRequest> = {}): RunRequest {
  const frameIntervalSecs = 1 / 16;
  return { nowIndex: 9, geometry: SHORT, frameIntervalSecs, seeds: [7, 8], sampler: {}, ...part };
}

/** Runs with fake ports; `cancelAt` aborts on the first event that it accepts. */
async function run(
  options: {
    manifest?: PackManifest;
    request?: Partial<RunRequest>;
    cancelAt?: (event: PipelineEvent) => boolean;
    wantsPictures?: boolean;
  } = {},
) {
  const { manifest = testManifest(), wantsPictures = false, cancelAt } = options;
  const calls = fakeCalls();
  const events: PipelineEvent[] = [];
  const ports = portsOf(calls);
  const request = requestOf(options.request);
  const controller = new AbortController();
  const job = {
    signal: controller.signal,
    onEvent(event: PipelineEvent) {
      events.push(event);
      if (cancelAt?.(event)) controller.abort();
    },
  };
  const { nowIndex, geometry } = request;
  const done = runForecast(
    {
      clip: ports.clip,
      history: (steps) => trackHistory(ports, { nowIndex, geometry, wantsPictures }, steps),
      model: async () => fakeModel(calls, manifest),
    },
    request,
    job,
  );
  const failure = await done.then(
    () => null,
    (error: unknown) => error,
  );
  return { calls, events, failure };
}

const namesOf = (events: readonly PipelineEvent[]) =>
  events
    .filter(({ kind }) => kind !== "progress")
    .map((event) => (event.kind === "stage" ? `${event.stage} ${event.total}` : event.kind));

test("a run tells its stages and what it made in order", async () => {
  const { events, failure, calls } = await run();
  expect(failure).toBeNull();
  expect(namesOf(events)).toEqual([
    "decoding 5",
    "tracking 5",
    "history",
    "loading 0",
    "model",
    "inputs",
    "forecasting 2",
    "future",
    "future",
  ]);
  expect(events).toContainEqual({ kind: "progress", done: 5, total: 5 });
  expect(calls.requests[0]).toMatchObject({
    seeds: [7, 8],
    inputs: { frame_interval: 1 / 16 },
    sampler: { solver: "euler", steps: 4 },
  });
  expect(calls.requests[0].inputs.history?.frameCount).toBe(5);
});

test.each([
  ["decoding", (e: PipelineEvent) => e.kind === "stage" && e.stage === "decoding"],
  ["tracking", (e: PipelineEvent) => e.kind === "stage" && e.stage === "tracking"],
  ["loading", (e: PipelineEvent) => e.kind === "stage" && e.stage === "loading"],
  ["forecasting", (e: PipelineEvent) => e.kind === "stage" && e.stage === "forecasting"],
  ["a future", (e: PipelineEvent) => e.kind === "future"],
])("a cancel while %s ends the run there", async (_name, cancelAt) => {
  const { events, failure } = await run({ cancelAt });
  expect(failure).toBeInstanceOf(CancelledError);
  const at = events.findIndex(cancelAt);
  expect(namesOf(events.slice(at + 1))).toEqual([]);
});

test("a run that is cancelled before it begins asks nothing", async () => {
  const calls = fakeCalls();
  const model = async () => fakeModel(calls);
  const signal = AbortSignal.abort();
  const history = () => Promise.reject(new Error("asked"));
  const done = runForecast({ clip: null, history, model }, requestOf(), { signal });
  await expect(done).rejects.toThrow(CancelledError);
});

test("a model that does not load fails the run once the history is made", async () => {
  const calls = fakeCalls();
  const ports = portsOf(calls);
  const events: PipelineEvent[] = [];
  const done = runForecast(
    {
      clip: ports.clip,
      history: (job) => trackHistory(ports, { nowIndex: 9, geometry: SHORT }, job),
      model: () => Promise.reject(new Error("no model")),
    },
    requestOf(),
    { onEvent: (event) => events.push(event) },
  );
  await expect(done).rejects.toThrow("no model");
  expect(namesOf(events)).toEqual(["decoding 5", "tracking 5", "history", "loading 0"]);
});

test("luma and pictures come from one pass over the frames", async () => {
  const { calls } = await run({ manifest: SEES, wantsPictures: true });
  expect(calls.reads).toEqual([[5, 10]]);
  const { video } = calls.requests[0].inputs;
  expect(video).toHaveLength(3 * 5 * 2 * 1);
  expect(video?.[0]).toBeCloseTo((2 * greyOf(5)) / 255 - 1, 5);
  expect(video?.[8]).toBeCloseTo((2 * greyOf(9)) / 255 - 1, 5);
});

test("who taps the pass gets the pictures that it wants; nobody asks for the others", async () => {
  const calls = fakeCalls();
  const ports = portsOf(calls);
  const wanted: number[] = [];
  const { clip } = ports;
  const asking: OpenClip = {
    ...clip,
    read(start, end, size, taps, job) {
      for (let i = start; i < end; i++) if (taps.onFrame && taps.wantsFrame?.(i)) wanted.push(i);
      return clip.read(start, end, size, taps, job);
    },
  };
  const heard: number[] = [];
  const tap = {
    wantsFrame: (i: number) => i > 7,
    onFrame: ({ index }: Frame) => heard.push(index),
  };
  const request = { nowIndex: 9, geometry: SHORT };
  await trackHistory({ ...ports, clip: asking }, { ...request, tap });
  expect(heard).toEqual([8, 9]);
  expect(wanted).toEqual([8, 9]);
  await trackHistory({ ...ports, clip: asking }, request);
  expect(wanted).toEqual([8, 9]);
  await trackHistory({ ...ports, clip: asking }, { ...request, tap, wantsPictures: true });
  expect(wanted).toEqual([8, 9, 5, 6, 7, 8, 9]);
  expect(heard).toEqual([8, 9, 8, 9]);
});

test("a pack that turns out to see gets its pictures from a pass of their own", async () => {
  const { calls } = await run({ manifest: SEES });
  expect(calls.reads).toEqual([
    [5, 10],
    [5, 10],
  ]);
  expect(calls.requests[0].inputs.video).toHaveLength(3 * 5 * 2 * 1);
});

test("what the user set of the sampler wins, and the rest is the pack’s", async () => {
  const sampler = { solver: "heun", timeShift: 2, steps: null } as const;
  const { calls } = await run({ request: { sampler } });
  expect(calls.requests[0].sampler).toEqual({ solver: "heun", steps: 4, timeShift: 2 });
});

test("from “now” the history is tracked backwards and ends on the grid", async () => {
  const calls = fakeCalls();
  const { history } = await trackHistory(portsOf(calls), { nowIndex: 9, geometry: SHORT });
  expect(calls.tracked[0].frames.map(({ gray }) => gray[0])).toEqual([9, 8, 7, 6, 5].map(greyOf));
  const query = gridQueryXyN2("cell-centre");
  expect(history.queryXyN2).toEqual(query);
  expect(history.history.tracksTN2[0]).toBe(query[0] + 4);
  expect(history.referenceFrame).toBeUndefined();
});

test("from its first frame the history is tracked forwards and starts on the grid", async () => {
  const calls = fakeCalls();
  const { history } = await trackHistory(portsOf(calls), { nowIndex: 9, geometry: FIRST });
  expect(calls.tracked[0].frames.map(({ gray }) => gray[0])).toEqual([5, 6, 7, 8, 9].map(greyOf));
  const query = gridQueryXyN2("cell-corner");
  expect(history.history.tracksTN2.slice(0, query.length)).toEqual(query);
  expect(history.queryXyN2[0]).toBe(query[0] + 4);
  expect(history.referenceFrame).toBe("first-history");
});

test("the group that holds “now” is decoded first, and its frames are tracked before the others come", async () => {
  const calls = fakeCalls();
  const ports = portsOf(calls, 80);
  const heard: number[] = [];
  const tracker: PointTracker = {
    async track({ frames, queryXyN2 }) {
      for await (const { gray } of frames) {
        // The second group is not read yet.
        if (heard.length === 0) expect(calls.reads).toEqual([[40, 61]]);
        heard.push(gray[0]);
      }
      return createTracks(frames.length, queryXyN2.length / 2);
    },
  };
  const clip: OpenClip = {
    ...ports.clip,
    groupStarts: [0, 15, 38, 40, 70],
    async read(...request) {
      await new Promise((done) => setTimeout(done, 1));
      await ports.clip.read(...request);
    },
  };
  const geometry = { ...SHORT, historyFrames: 50 };
  const progress: number[] = [];
  const onEvent = (event: PipelineEvent) => {
    if (event.kind === "progress") progress.push(event.done);
  };
  const sources = { clip, tracker: async () => tracker };
  await trackHistory(sources, { nowIndex: 60, geometry }, { onEvent });
  // A group too short for a decoder of its own goes with the one before.
  expect(calls.reads).toEqual([
    [40, 61],
    [11, 40],
  ]);
  expect(heard).toEqual(Array.from({ length: 50 }, (_, i) => greyOf(60 - i)));
  expect(progress).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  // Who needs pictures in time order gets them so.
  calls.reads.length = 0;
  heard.push(0);
  await trackHistory(sources, { nowIndex: 60, geometry, wantsPictures: true });
  expect(calls.reads).toEqual([[11, 61]]);
});

test("a tracker that fails ends the reading, and a clip that cannot be read ends the tracking", async () => {
  const calls = fakeCalls();
  const { clip } = portsOf(calls);
  let stopped = false;
  const endless: OpenClip = {
    ...clip,
    read: (_start, _end, _size, _taps, job) =>
      new Promise((_, reject) => {
        job?.signal?.addEventListener("abort", () => {
          stopped = true;
          reject(new CancelledError());
        });
      }),
  };
  const lost: PointTracker = { track: () => Promise.reject(new Error("lost")) };
  const request = { nowIndex: 9, geometry: SHORT };
  const failing = trackHistory({ clip: endless, tracker: async () => lost }, request);
  await expect(failing).rejects.toThrow("lost");
  expect(stopped).toBe(true);
  const damaged: OpenClip = { ...clip, read: () => Promise.reject(new Error("damaged")) };
  const tracker = async () => fakeTracker(calls);
  await expect(trackHistory({ clip: damaged, tracker }, request)).rejects.toThrow("damaged");
});

test("a clip that begins late gives the history that there is", async () => {
  const calls = fakeCalls();
  const { history } = await trackHistory(portsOf(calls), { nowIndex: 2, geometry: SHORT });
  expect(calls.reads).toEqual([[0, 3]]);
  expect(history.history.frameCount).toBe(3);
});

test("the truth starts on the frame after “now” and goes as far as clip and horizon do", async () => {
  const calls = fakeCalls();
  const ports = portsOf(calls, 12);
  const { history } = await trackHistory(ports, { nowIndex: 7, geometry: SHORT });
  const truth = await trackGroundTruth(ports, { nowIndex: 7, history, geometry: SHORT });
  expect(calls.reads.at(-1)).toEqual([7, 12]);
  expect(truth?.frameCount).toBe(4);
  expect(truth?.tracksTN2[0]).toBe(history.queryXyN2[0] + 1);
  const late = await trackGroundTruth(ports, { nowIndex: 10, history, geometry: SHORT });
  expect(late?.frameCount).toBe(1);
  const none = await trackGroundTruth(ports, { nowIndex: 11, history, geometry: SHORT });
  expect(none).toBeNull();
});

test("pictures of the past that are wanted come on the way to what followed, in the same pass", async () => {
  const calls = fakeCalls();
  const ports = portsOf(calls, 12);
  const { history } = await trackHistory(ports, { nowIndex: 7, geometry: SHORT });
  const untapped = await trackGroundTruth(ports, { nowIndex: 7, history, geometry: SHORT });
  const { tracked } = calls;
  const before = tracked.at(-1);
  const heard: number[] = [];
  const tap = {
    wantsPlanar: (i: number) => i === 5 || i > 9,
    onPlanar: (_: unknown, i: number) => heard.push(i),
  };
  const truth = await trackGroundTruth(ports, { nowIndex: 7, history, geometry: SHORT, tap });
  expect(calls.reads.at(-1)).toEqual([5, 12]);
  expect(heard).toEqual([5, 10, 11]);
  expect(truth).toEqual(untapped);
  expect(tracked.at(-1)).toEqual(before);
  await trackGroundTruth(ports, {
    ...{ nowIndex: 7, history, geometry: SHORT },
    tap: { ...tap, wantsPlanar: (i) => i > 9 },
  });
  expect(calls.reads.at(-1)).toEqual([7, 12]);
});

test("points that were chosen at the start are followed from there", async () => {
  const calls = fakeCalls();
  const ports = portsOf(calls);
  const { history } = await trackHistory(ports, { nowIndex: 9, geometry: FIRST });
  const truth = await trackGroundTruth(ports, { nowIndex: 9, history, geometry: FIRST });
  expect(calls.reads.at(-1)).toEqual([5, 14]);
  expect(calls.tracked.at(-1)?.queryXyN2).toEqual(gridQueryXyN2("cell-corner"));
  expect(truth?.frameCount).toBe(4);
  expect(truth?.tracksTN2[0]).toBe(gridQueryXyN2("cell-corner")[0] + 5);
});

test("histories of one “now” that were made for other sizes have other keys", () => {
  const frames = { history: 33, horizon: 33 };
  const keys = [
    STUDIO_GEOMETRY,
    FIRST,
    { ...STUDIO_GEOMETRY, referenceFrame: "first-history" as const },
    { ...STUDIO_GEOMETRY, anchor: "cell-corner" as const },
    packGeometry(testManifest({ frames })),
  ].map(geometryKey);
  expect(keys[0]).toBe("");
  expect(new Set(keys).size).toBe(keys.length);
});

test("for a wish more futures are drawn than are told, and how many count is told first", async () => {
  const edits = [wishOf({ id: "w", name: "Wish" }, "inside", [0], [0, 0, 99, 99], 4)];
  const { events, calls, failure } = await run({ request: { edits, taken: [1] } });
  expect(failure).toBeNull();
  const drawn = calls.requests.flatMap(({ seeds }) => seeds);
  expect(drawn.slice(0, 4)).toEqual([7, 8, 2, 3]);
  expect(drawn).toHaveLength(32);
  const told = events.filter(({ kind }) => kind === "weighed" || kind === "future");
  expect(told.map(({ kind }) => kind)).toEqual(["weighed", "future", "future"]);
  expect(told[0]).toMatchObject({ weighed: { drawn: 32, kept: 2 } });
  // A future that was chosen, or is made once more, is itself whatever is wished.
  const same = await run({ request: { edits } });
  expect(same.calls.requests.flatMap(({ seeds }) => seeds)).toEqual([7, 8]);
  // Where no future is to be made, none is drawn to choose from.
  const none = await run({ request: { edits, seeds: [], taken: [1] } });
  expect(none.calls.requests.flatMap(({ seeds }) => seeds)).toEqual([]);
});

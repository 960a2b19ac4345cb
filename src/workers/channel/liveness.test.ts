import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CancelledError, RuntimeLostError } from "../../domain/errors.ts";
import { WorkerChannel } from "./client.ts";
import { Heartbeat } from "./heartbeat.ts";
import { InProcessThread } from "./in-process.ts";
import type { Operation, ServerPort } from "./protocol.ts";
import { serveChannel } from "./server.ts";
import type { SilenceRules } from "./thread.ts";

/** What tells that a thread stands still, or never came up. */

type Work = { readonly work: Operation<number, number> };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** `work` takes as many milliseconds as it is asked for; for ever where negative. */
function serveWork(port: ServerPort): void {
  const heartbeat = new Heartbeat(port);
  heartbeat.setBlocks(false);
  serveChannel<Work>(
    port,
    {
      work: (millis) =>
        millis < 0
          ? new Promise(() => undefined)
          : heartbeat.during(new Promise((done) => setTimeout(() => done(millis), millis))),
    },
    { locks: null },
  );
}

function setUp(starts: ((port: ServerPort) => void)[], silence?: SilenceRules) {
  const threads: InProcessThread[] = [];
  const channel = new WorkerChannel<Work>({
    startThread: () => {
      threads.push(new InProcessThread(starts[Math.min(threads.length, starts.length - 1)]));
      return threads[threads.length - 1];
    },
    toLoss: (reason) => new RuntimeLostError(reason, "again"),
    locks: null,
    ...(silence && { silence }),
  });
  const work = (millis: number, signal?: AbortSignal) =>
    channel.call("work", { request: () => millis, job: signal && { signal } });
  return { threads, work };
}

test("a thread that never says a word is given up after a minute", async () => {
  const { work } = setUp([() => undefined]);
  const lost = expect(work(1)).rejects.toThrow("its thread did not start");
  await vi.advanceTimersByTimeAsync(59_000);
  await vi.advanceTimersByTimeAsync(2000);
  await lost;
});

test("without rules a thread may be silent as long as it works", async () => {
  const silent = (port: ServerPort) =>
    serveChannel<Work>(
      port,
      { work: (millis) => new Promise((done) => setTimeout(() => done(millis), millis)) },
      { locks: null },
    );
  const { work, threads } = setUp([silent]);
  const done = work(3_600_000);
  await vi.advanceTimersByTimeAsync(3_600_100);
  expect(await done).toBe(3_600_000);
  expect(threads).toHaveLength(1);
});

test("a heart that beats is heard; one that stops is taken for a stall", async () => {
  const { work } = setUp([serveWork], { patienceMillis: () => 3000 });
  const long = work(60_000);
  await vi.advanceTimersByTimeAsync(60_100);
  expect(await long).toBe(60_000);
  const lost = expect(work(-1)).rejects.toThrow("no answer");
  await vi.advanceTimersByTimeAsync(4000);
  await lost;
});

test("silence without work means nothing", async () => {
  const { work, threads } = setUp([serveWork], { patienceMillis: () => 3000 });
  const first = work(1);
  await vi.advanceTimersByTimeAsync(100);
  await first;
  await vi.advanceTimersByTimeAsync(600_000);
  const second = work(1);
  await vi.advanceTimersByTimeAsync(100);
  await second;
  expect(threads).toHaveLength(1);
});

test("silent threads may be replaced instead of lost: the calls go on on the next", async () => {
  const hangs = (port: ServerPort) =>
    serveChannel<Work>(port, { work: () => new Promise(() => undefined) }, { locks: null });
  const { work, threads } = setUp([hangs, serveWork], {
    patienceMillis: () => 3000,
    onSilent: () => "restart",
  });
  const both = Promise.all([work(10), work(20)]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(await both).toEqual([10, 20]);
  expect(threads.map(({ terminated }) => terminated)).toEqual([true, false]);
});

test("a cancelled call that is not ended within half a minute costs the thread", async () => {
  const { work, threads } = setUp([serveWork]);
  const controller = new AbortController();
  const cancelled = expect(work(-1, controller.signal)).rejects.toBeInstanceOf(CancelledError);
  await vi.advanceTimersByTimeAsync(10);
  controller.abort();
  await cancelled;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(threads[0].terminated).toBe(false);
  await vi.advanceTimersByTimeAsync(11_000);
  expect(threads[0].terminated).toBe(true);
});

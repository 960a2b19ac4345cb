import { expect, test, vi } from "vitest";
import { CancelledError, MediaError, RuntimeLostError } from "../../domain/errors.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import { WorkerChannel } from "./client.ts";
import { InProcessThread } from "./in-process.ts";
import type { ChannelOptions } from "./options.ts";
import type { Operation } from "./protocol.ts";
import type { Handlers, ServeOptions } from "./server.ts";
import { FakeLocks } from "./testing.ts";

type TestOperations = {
  readonly open: Operation<{ readonly name: string }, string>;
  /** Counts to `to`, one step a turn. */
  readonly count: Operation<{ readonly to: number }, number, number>;
  readonly double: Operation<Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>>;
  readonly fail: Operation<string, undefined>;
  readonly hang: Operation<null, undefined>;
  /** The sum of what follows the request. */
  readonly sum: Operation<null, number, number, number>;
};

const turn = () => new Promise((done) => setTimeout(done, 1));

function handlers(log: string[]): Handlers<TestOperations> {
  return {
    async sum(_request, { items, send }) {
      let sum = 0;
      for await (const item of items) {
        sum += item;
        send(sum);
      }
      log.push(`sum ${sum}`);
      return sum;
    },
    async open({ name }) {
      await turn();
      log.push(`open ${name}`);
      if (name === "broken") throw new MediaError("not a clip", "another");
      return name;
    },
    async count({ to }, { job, send }) {
      log.push(`count ${to}`);
      for (let i = 1; i <= to; i++) {
        await turn();
        throwIfCancelled(job);
        job.onProgress({ stage: "count", done: i, total: to });
        send(i);
      }
      log.push(`counted ${to}`);
      return to;
    },
    async double(values, { handOver }) {
      const doubled = values.map((v) => 2 * v);
      handOver([doubled.buffer]);
      return doubled;
    },
    async fail(kind) {
      if (kind === "media") throw new MediaError("no picture", "choose another file");
      if (kind === "range") throw new RangeError("too far");
      throw new DOMException("aborted", "AbortError");
    },
    hang: () => new Promise(() => undefined),
  };
}

function setUp(
  options: Partial<ChannelOptions<TestOperations>> = {},
  serveOptions: ServeOptions = {},
) {
  const log: string[] = [];
  const threads: InProcessThread[] = [];
  const channel = new WorkerChannel<TestOperations>({
    startThread: () => {
      const thread = InProcessThread.serving(handlers(log), serveOptions);
      threads.push(thread);
      return thread;
    },
    toLoss: (reason) => new RuntimeLostError(`lost: ${reason}`, "again"),
    locks: null,
    ...options,
  });
  const count = (to: number, signal?: AbortSignal, onEvent?: (i: number) => void) =>
    channel.call("count", {
      request: () => ({ to }),
      job: signal && { signal },
      ...(onEvent && { onEvent }),
    });
  return { log, threads, channel, count };
}

test("two calls at once keep their own events, progress and replies, each in order", async () => {
  const { channel } = setUp();
  const heard: Record<string, (number | string)[]> = { a: [], b: [] };
  const run = async (name: string, to: number) => {
    const reply = await channel.call("count", {
      request: () => ({ to }),
      onEvent: (i) => heard[name].push(i),
      job: { onProgress: ({ done, total }) => heard[name].push(`${done}/${total}`) },
    });
    heard[name].push(`= ${reply}`);
  };
  await Promise.all([run("a", 3), run("b", 2)]);
  expect(heard.a).toEqual(["1/3", 1, "2/3", 2, "3/3", 3, "= 3"]);
  expect(heard.b).toEqual(["1/2", 1, "2/2", 2, "= 2"]);
});

test("a call that was cancelled before starts no thread", async () => {
  const { count, channel, threads } = setUp();
  await expect(count(3, AbortSignal.abort())).rejects.toBeInstanceOf(CancelledError);
  await expect(channel.open({ signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
    CancelledError,
  );
  expect(threads).toHaveLength(0);
});

test("a cancel during a call rejects at once, ends the work, and nothing more is heard", async () => {
  const { count, log } = setUp();
  const controller = new AbortController();
  const heard: number[] = [];
  const cancelled = count(1000, controller.signal, (i) => {
    heard.push(i);
    if (i === 2) controller.abort();
  });
  await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
  expect(await count(2)).toBe(2);
  expect(heard).toEqual([1, 2]);
  expect(log).toEqual(["count 1000", "count 2", "counted 2"]);
});

test("a cancel after the reply changes nothing", async () => {
  const { count, threads } = setUp();
  const controller = new AbortController();
  expect(await count(1, controller.signal)).toBe(1);
  controller.abort();
  expect(await count(1)).toBe(1);
  expect(threads).toHaveLength(1);
});

test("errors keep their class and remedy", async () => {
  const { channel } = setUp();
  const fail = (kind: string) => channel.call("fail", { request: () => kind });
  await expect(fail("media")).rejects.toBeInstanceOf(MediaError);
  await expect(fail("media")).rejects.toMatchObject({ remedy: "choose another file" });
  await expect(fail("range")).rejects.toMatchObject({ name: "RangeError", message: "too far" });
  await expect(fail("abort")).rejects.toBeInstanceOf(CancelledError);
});

test("what is handed over is gone from the sender, in both directions", async () => {
  const { channel } = setUp();
  const values = Float32Array.of(1, 2);
  const doubled = await channel.call("double", {
    request: () => values,
    transfer: [values.buffer],
  });
  expect([...doubled]).toEqual([2, 4]);
  expect(values.length).toBe(0);
});

test("what cannot be sent is told, and the next call goes on", async () => {
  const { channel, count } = setUp();
  const unsendable = { to: () => 1 } as unknown as { to: number };
  await expect(channel.call("count", { request: () => unsendable })).rejects.toThrow(/clone/);
  expect(await count(1)).toBe(1);
});

test("one at a time: in order, and a cancelled call that still waits is answered unstarted", async () => {
  const { count, log } = setUp({}, { oneAtATime: true });
  const controller = new AbortController();
  const first = count(20);
  const second = count(1000, controller.signal);
  const third = count(1);
  await turn();
  controller.abort();
  await expect(second).rejects.toBeInstanceOf(CancelledError);
  expect(await Promise.all([first, third])).toEqual([20, 1]);
  expect(log).toEqual(["count 20", "counted 20", "count 1", "counted 1"]);
});

test("a thread that crashes costs the calls under way; the next one starts another", async () => {
  const { count, threads } = setUp();
  const lost = [count(100), count(200)];
  threads[0].crash();
  for (const call of lost) {
    await expect(call).rejects.toMatchObject({
      name: "RuntimeLostError",
      message: "lost: out of memory",
    });
  }
  expect(await count(2)).toBe(2);
  expect(threads.map(({ terminated }) => terminated)).toEqual([true, false]);
});

test("a thread that ends without an event is noticed by its lock", async () => {
  const locks = new FakeLocks();
  const { count, threads } = setUp({ locks }, { locks });
  const lost = count(1000, undefined, (i) => i === 2 && locks.releaseAll());
  await expect(lost).rejects.toThrow("lost: its thread ended");
  expect(await count(1)).toBe(1);
  expect(threads).toHaveLength(2);
});

test("after the end of the channel nothing starts again", async () => {
  const { count, channel, threads } = setUp();
  const ended = count(100);
  channel.dispose();
  await expect(ended).rejects.toBeInstanceOf(CancelledError);
  await expect(count(1)).rejects.toBeInstanceOf(CancelledError);
  await expect(channel.open()).rejects.toBeInstanceOf(CancelledError);
  expect(threads.map(({ terminated }) => terminated)).toEqual([true]);
});

function withOpening(name: () => string, more: Partial<ChannelOptions<TestOperations>> = {}) {
  const onReply = vi.fn();
  const opening = { op: "open" as const, request: () => ({ name: name() }), onReply };
  return { ...setUp({ opening, ...more }), onReply };
}

test("each thread gets its opening call first, also the one after a loss", async () => {
  const { count, channel, threads, log, onReply } = withOpening(() => `clip ${threads.length}`);
  await channel.open();
  expect(onReply).toHaveBeenCalledWith("clip 1");
  await channel.open();
  threads[0].crash();
  expect(await count(1)).toBe(1);
  await channel.open();
  expect(onReply).toHaveBeenLastCalledWith("clip 2");
  expect(log.filter((line) => line.startsWith("open"))).toEqual(["open clip 1", "open clip 2"]);
});

test("an opening that fails ends the thread; who waits hears why, the next call tries again", async () => {
  let name = "broken";
  const { count, channel, threads } = withOpening(() => name);
  const opened = channel.open();
  const behind = count(1000);
  await expect(opened).rejects.toBeInstanceOf(MediaError);
  await expect(behind).rejects.toBeInstanceOf(MediaError);
  expect(threads[0].terminated).toBe(true);
  name = "right";
  expect(await count(1)).toBe(1);
});

test("a cancel while the opening runs again ends the wait at once, the opening goes on", async () => {
  const { channel, count, threads, onReply } = withOpening(() => "clip");
  await channel.open();
  threads[0].crash();
  const controller = new AbortController();
  const waiting = channel.open(controller);
  controller.abort();
  await expect(waiting).rejects.toBeInstanceOf(CancelledError);
  expect(onReply).toHaveBeenCalledTimes(1);
  expect(await count(1)).toBe(1);
  expect(threads).toHaveLength(2);
  expect(onReply).toHaveBeenCalledTimes(2);
});

test("where the thread cannot hear a cancel it is ended, and the other calls start again", async () => {
  const { count, channel, threads } = withOpening(() => "clip", { hearsCancel: () => false });
  await channel.open();
  const controller = new AbortController();
  const cancelled = count(1000, controller.signal);
  const other = count(3);
  controller.abort();
  await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
  expect(await other).toBe(3);
  expect(threads.map(({ terminated }) => terminated)).toEqual([true, false]);
  // With nothing else under way no new thread is started.
  const alone = new AbortController();
  const last = count(1000, alone.signal);
  alone.abort();
  await expect(last).rejects.toBeInstanceOf(CancelledError);
  await turn();
  expect(threads).toHaveLength(2);
});

test("an error that leaves the thread unusable ends it for all calls", async () => {
  const { channel, count, threads } = setUp({ isFatal: ({ name }) => name === "RangeError" });
  const other = count(1000);
  await expect(channel.call("fail", { request: () => "range" })).rejects.toThrow("too far");
  await expect(other).rejects.toThrow("too far");
  expect(threads[0].terminated).toBe(true);
  expect(await count(1)).toBe(1);
});

test("items follow a call as they come; a failure of theirs is the call’s, and stops its work", async () => {
  const log: string[] = [];
  const channel = new WorkerChannel<TestOperations>({
    startThread: () => InProcessThread.serving(handlers(log), { oneAtATime: true }),
    toLoss: (reason) => new RuntimeLostError(reason, "again"),
  });
  const heard: number[] = [];
  async function* counting(to: number, failure?: Error) {
    for (let item = 1; item <= to; item++) {
      await turn();
      // What came before has been worked off meanwhile.
      yield { item, transfer: [] };
    }
    if (failure) throw failure;
  }
  const call = (items: ReturnType<typeof counting>, signal?: AbortSignal) =>
    channel.call("sum", {
      request: () => null,
      items,
      onEvent: (sum) => heard.push(sum),
      job: { signal },
    });
  // The second waits for the first one's end; what follows it waits with it.
  expect(await Promise.all([call(counting(3)), call(counting(2))])).toEqual([6, 3]);
  expect(heard).toEqual([1, 3, 6, 1, 3]);
  await expect(call(counting(1, new MediaError("damaged", "another")))).rejects.toThrow("damaged");
  const controller = new AbortController();
  const cancelled = call(counting(1000), controller.signal);
  await turn();
  controller.abort();
  await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
  expect(await call(counting(1))).toBe(1);
  expect(log).toEqual(["sum 6", "sum 3", "sum 1"]);
});

test("what handed something over does not start again half of it: it is lost with its thread", async () => {
  const { channel, count, threads, log } = withOpening(() => "clip", { hearsCancel: () => false });
  await channel.open();
  async function* endless() {
    for (let item = 1; ; item++) {
      await turn();
      yield { item, transfer: [] };
    }
  }
  const controller = new AbortController();
  const cancelled = count(1000, controller.signal);
  const sum = channel.call("sum", { request: () => null, items: endless() });
  const plain = count(3);
  await turn();
  controller.abort();
  await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
  await expect(sum).rejects.toThrow("lost: its thread was replaced");
  expect(await plain).toBe(3);
  expect(threads).toHaveLength(2);
  expect(log.filter((line) => line.startsWith("sum"))).toEqual([]);
});

import { afterEach, expect, test, vi } from "vitest";
import { holdLifeline, withLifeline } from "./lifeline.ts";

/** The browser's locks, as far as threads need them: one holder each, the others wait in order. */
class FakeLocks {
  private readonly queues = new Map<string, (() => unknown)[]>();

  request = ((name: string, granted: () => unknown) => {
    const queue = this.queues.get(name) ?? [];
    this.queues.set(name, queue);
    queue.push(granted);
    if (queue.length === 1) granted();
    return new Promise(() => undefined);
  }) as LockManager["request"];

  /** What the browser does when a thread has gone. */
  releaseAll(): void {
    for (const queue of this.queues.values()) {
      queue.shift();
      queue[0]?.();
    }
  }
}

class FakeWorker extends EventTarget {
  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

function watched(locks: FakeLocks) {
  const worker = withLifeline(new FakeWorker(), locks);
  const heard: unknown[] = [];
  const lost: string[] = [];
  worker.addEventListener("message", (event) => heard.push((event as MessageEvent).data));
  worker.addEventListener("error", (event) => lost.push((event as ErrorEvent).message));
  return { worker, heard, lost };
}

afterEach(() => {
  vi.useRealTimers();
});

test("a thread that ends silently fires an error; its first word stays between the two sides", () => {
  const locks = new FakeLocks();
  const { worker, heard, lost } = watched(locks);
  holdLifeline((first) => worker.say(first), locks);
  worker.say({ kind: "done", id: 1 });
  expect(heard).toEqual([{ kind: "done", id: 1 }]);
  expect(lost).toEqual([]);
  locks.releaseAll();
  expect(lost).toEqual(["its thread ended"]);
});

test("a thread that never says a word is given up; one that speaks is not", () => {
  vi.useFakeTimers();
  const locks = new FakeLocks();
  const silent = watched(locks);
  const alive = watched(locks);
  holdLifeline((first) => alive.worker.say(first), locks);
  vi.advanceTimersByTime(600_000);
  expect(silent.lost).toEqual(["its thread did not start"]);
  expect(alive.lost).toEqual([]);
});

test("without locks the worker stays as it is", () => {
  const worker = new FakeWorker();
  const first = vi.fn();
  expect(withLifeline(worker, null)).toBe(worker);
  holdLifeline(first, null);
  expect(first).not.toHaveBeenCalled();
});

test("a thread that is refused its lock says so, and is neither given up nor watched", async () => {
  vi.useFakeTimers();
  const { worker, lost } = watched(new FakeLocks());
  const refusing = { request: () => Promise.reject(new DOMException("no", "SecurityError")) };
  holdLifeline((first) => worker.say(first), refusing as unknown as LockManager);
  await vi.runAllTimersAsync();
  expect(lost).toEqual([]);
});

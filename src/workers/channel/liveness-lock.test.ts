import { expect, test, vi } from "vitest";
import { awaitThreadEnd, holdLivenessLock } from "./liveness-lock.ts";
import { FakeLocks } from "./testing.ts";

test("the client hears of the end of the thread that holds the lock, not before", () => {
  const locks = new FakeLocks();
  const ended = vi.fn();
  const told: (string | null)[] = [];
  holdLivenessLock((lock) => told.push(lock), locks);
  awaitThreadEnd(String(told[0]), ended, locks);
  expect(ended).not.toHaveBeenCalled();
  locks.releaseAll();
  expect(ended).toHaveBeenCalledTimes(1);
});

test("two threads hold two locks", () => {
  const locks = new FakeLocks();
  const told = new Set<string | null>();
  holdLivenessLock((lock) => told.add(lock), locks);
  holdLivenessLock((lock) => told.add(lock), locks);
  expect(told.size).toBe(2);
});

test("a thread without locks, or one that is refused its lock, says so", async () => {
  const told: (string | null)[] = [];
  holdLivenessLock((lock) => told.push(lock), null);
  const refusing = { request: () => Promise.reject(new DOMException("no", "SecurityError")) };
  holdLivenessLock((lock) => told.push(lock), refusing as unknown as LockManager);
  await vi.waitFor(() => expect(told).toEqual([null, null]));
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { takeLock } from "./lock.ts";

/** The locks of one browser, held until their page ends. */
class Locks {
  private held = false;
  private readonly queue: (() => void)[] = [];

  readonly manager = {
    request: async (
      _name: string,
      { ifAvailable = false }: LockOptions,
      callback: (lock: Lock | null) => unknown,
    ) => {
      if (this.held && ifAvailable) return callback(null);
      if (this.held) await new Promise<void>((resolve) => this.queue.push(resolve));
      this.held = true;
      return callback({ name: "", mode: "exclusive" });
    },
  } as unknown as LockManager;

  /** The page that holds it goes. */
  release(): void {
    this.held = false;
    this.queue.shift()?.();
  }
}

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  } as Storage;
}

let locks: Locks;
let shared: Storage;
let hide: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  locks = new Locks();
  shared = storage();
  vi.stubGlobal("addEventListener", (_: string, then: () => void) => {
    hide = then;
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const page = (own: Storage) => takeLock({ locks: locks.manager, shared, own });

test("a tab opened beside another one does not get its session when that one is reloaded", async () => {
  const [first, second] = [storage(), storage()];
  expect(await page(first)).toBe(true);
  expect(await page(second)).toBe(false);
  const again = page(first);
  hide();
  locks.release();
  expect(await again).toBe(true);
});

test("a tab opened while the other one is being reloaded leaves it its session", async () => {
  const [first, second] = [storage(), storage()];
  await page(first);
  hide();
  locks.release();
  const other = page(second);
  await vi.advanceTimersByTimeAsync(800);
  expect(await page(first)).toBe(true);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await other).toBe(false);
});

test("a tab opened after the other one was closed gets the session", async () => {
  await page(storage());
  hide();
  locks.release();
  const other = page(storage());
  await vi.advanceTimersByTimeAsync(1500);
  expect(await other).toBe(true);
});

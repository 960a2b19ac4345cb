import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Tabs, takeLock } from "./lock.ts";

/** The locks of one browser, held until their page ends. */
class Locks {
  private held = false;
  private readonly queue: (() => void)[] = [];

  readonly manager = {
    request: async (
      _name: string,
      { ifAvailable = false, signal }: LockOptions,
      callback: (lock: Lock | null) => unknown,
    ) => {
      if (this.held && ifAvailable) return callback(null);
      if (this.held)
        await new Promise<void>((resolve, reject) => {
          this.queue.push(resolve);
          signal?.addEventListener("abort", () => {
            this.queue.splice(this.queue.indexOf(resolve), 1);
            reject(signal.reason);
          });
        });
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

function storage(kept = new Map<string, string>()): Storage & { readonly copy: () => Storage } {
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    copy: () => storage(new Map(kept)),
  } as unknown as Storage & { readonly copy: () => Storage };
}

/** What the pages of one browser tell each other. */
class Air {
  private readonly pages: ((event: { data: unknown }) => void)[][] = [];

  channel(): Tabs["channel"] {
    const own: ((event: { data: unknown }) => void)[] = [];
    this.pages.push(own);
    return {
      addEventListener: (_: string, hear: (event: { data: unknown }) => void) => own.push(hear),
      postMessage: (data: unknown) => {
        const heard = this.pages.filter((page) => page !== own).flat();
        for (const hear of heard) queueMicrotask(() => hear({ data }));
      },
    } as unknown as Tabs["channel"];
  }
}

let locks: Locks;
let air: Air;
let shared: Storage;
let told: Map<string, () => void>;
const hide = () => told.get("pagehide")?.();

beforeEach(() => {
  vi.useFakeTimers();
  locks = new Locks();
  air = new Air();
  shared = storage();
  told = new Map();
  vi.stubGlobal("addEventListener", (event: string, then: () => void) => told.set(event, then));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const page = (own: Storage) =>
  takeLock({ locks: locks.manager, channel: air.channel(), shared, own });

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

test("a duplicated tab has the mark of the first, but not its session, though that one is reloaded", async () => {
  const first = storage();
  expect(await page(first)).toBe(true);
  const copy = first.copy();
  expect(await page(copy)).toBe(false);
  const again = page(copy);
  hide();
  locks.release();
  expect(await page(first)).toBe(true);
  expect(await again).toBe(false);
});

test("a page that is about to go does not tell its successor that it stays", async () => {
  const first = storage();
  await page(first);
  told.get("beforeunload")?.();
  const again = page(first);
  await vi.advanceTimersByTimeAsync(100);
  hide();
  locks.release();
  expect(await again).toBe(true);
});

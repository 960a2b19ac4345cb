import { expect, test } from "vitest";
import { CancelledError } from "./errors.ts";
import { throwIfCancelled, unlessCancelled } from "./job.ts";

const never = new Promise<number>(() => undefined);

test("a wait ends with the work, or with its error", async () => {
  const { signal } = new AbortController();
  expect(await unlessCancelled(Promise.resolve(3), { signal })).toBe(3);
  expect(await unlessCancelled(Promise.resolve(3), undefined)).toBe(3);
  const failed = Promise.reject(new RangeError("far"));
  await expect(unlessCancelled(failed, { signal })).rejects.toThrow(RangeError);
});

test("a cancel before, during or at the moment of the call ends the wait", async () => {
  const before = unlessCancelled(never, { signal: AbortSignal.abort() });
  await expect(before).rejects.toBeInstanceOf(CancelledError);
  const ready = unlessCancelled(Promise.resolve(3), { signal: AbortSignal.abort() });
  await expect(ready).rejects.toBeInstanceOf(CancelledError);
  const controller = new AbortController();
  const during = unlessCancelled(never, controller);
  controller.abort();
  await expect(during).rejects.toBeInstanceOf(CancelledError);
  expect(() => throwIfCancelled(controller)).toThrow(CancelledError);
  expect(() => throwIfCancelled(undefined)).not.toThrow();
});

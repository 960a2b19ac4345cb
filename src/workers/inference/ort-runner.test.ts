import { expect, test } from "vitest";
import { RuntimeLostError } from "../../domain/errors.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { GraphTensor } from "../../engine/models/graph-runner.ts";
import { createOrtRunner } from "./ort-runner.ts";
import type { OrtModule } from "./sessions.ts";

/** A runner without graphs on a device of which nothing is known yet. */
function runnerOn(device: Pick<GPUDevice, "lost">) {
  const manifest = { graphs: {} } as PackManifest;
  const options = { provider: "webgpu", batch: 1, device: device as GPUDevice } as const;
  return createOrtRunner({} as OrtModule, manifest, new Map(), options);
}

/** A tensor on a device whose memory cannot be mapped. */
function tensorThatRejects(error: Error): GraphTensor {
  return { getData: () => Promise.reject(error) } as unknown as GraphTensor;
}

test("memory that is given up with its device is a loss, not a cancel, even before the device tells", async () => {
  const runner = await runnerOn({ lost: new Promise(() => {}) });
  const aborted = new DOMException(
    "A valid external Instance reference no longer exists.",
    "AbortError",
  );
  await expect(runner.read(tensorThatRejects(aborted))).rejects.toThrow(RuntimeLostError);
  // And a lost device is not called again.
  await expect(runner.read(tensorThatRejects(new Error("called")))).rejects.toThrow(
    RuntimeLostError,
  );
});

test("other failures stay what they are", async () => {
  const runner = await runnerOn({ lost: new Promise(() => {}) });
  await expect(runner.read(tensorThatRejects(new RangeError("too long")))).rejects.toThrow(
    RangeError,
  );
});

test("a device that is lost while work waits for it ends the wait", async () => {
  const lost = Promise.resolve({ reason: "unknown", message: "driver" } as GPUDeviceLostInfo);
  const runner = await runnerOn({ lost });
  const waiting = { getData: () => new Promise(() => {}) } as unknown as GraphTensor;
  await expect(runner.read(waiting)).rejects.toThrow(/driver/);
});

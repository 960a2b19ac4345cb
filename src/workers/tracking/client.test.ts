import { describe, expect, it } from "vitest";
import { CancelledError, RuntimeLostError } from "../../domain/errors.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import type { PointTracker, TrackRequest } from "../../domain/ports.ts";
import { createTracks } from "../../domain/tracks.ts";
import { InProcessThread } from "../channel/in-process.ts";
import { TrackingClient } from "./client.ts";
import { trackingHandlers } from "./server.ts";

function threadOf(tracker: PointTracker): InProcessThread {
  return InProcessThread.serving(trackingHandlers(tracker), { oneAtATime: true });
}

/** Takes one turn a frame; the first query's x comes back as the tracks' first number. */
class SlowTracker implements PointTracker {
  readonly log: string[] = [];
  active = 0;

  async track(request: TrackRequest, job?: Parameters<PointTracker["track"]>[1]) {
    const name = String(request.queryXyN2[0]);
    this.active++;
    this.log.push(`start ${name} (${this.active} at once)`);
    try {
      for (let t = 0; t < request.frames.length; t++) {
        throwIfCancelled(job);
        job?.onProgress?.({ stage: "track", done: t + 1, total: request.frames.length });
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      const tracks = createTracks(request.frames.length, request.queryXyN2.length / 2);
      tracks.tracksTN2.set(request.queryXyN2);
      this.log.push(`end ${name}`);
      return tracks;
    } finally {
      this.active--;
    }
  }
}

function request(name: number, frameCount: number): TrackRequest {
  const size = { width: 4, height: 2 };
  const clip = new Uint8Array(frameCount * 8);
  const frames = Array.from({ length: frameCount }, (_, t) => ({
    size,
    gray: clip.subarray(t * 8, (t + 1) * 8),
  }));
  return { frames, queryXyN2: Float32Array.of(name, 0) };
}

describe("TrackingClient", () => {
  it("returns the tracks of the right request and its progress", async () => {
    const tracker = new SlowTracker();
    const client = new TrackingClient(() => threadOf(tracker));
    const done: number[] = [];
    const [first, second] = await Promise.all([
      client.track(request(1, 3), { onProgress: (progress) => done.push(progress.done) }),
      client.track(request(2, 2)),
    ]);
    expect(first.tracksTN2[0]).toBe(1);
    expect(second.tracksTN2[0]).toBe(2);
    expect(done).toEqual([1, 2, 3]);
    expect(tracker.log).toEqual(["start 1 (1 at once)", "end 1", "start 2 (1 at once)", "end 2"]);
  });

  it("hands frames over instead of copying them; of a view only its part goes", async () => {
    const tracker = new SlowTracker();
    const client = new TrackingClient(() => threadOf(tracker));
    const size = { width: 4, height: 2 };
    const own = { size, gray: new Uint8Array(8) };
    const clip = new Uint8Array(80);
    const view = { size, gray: clip.subarray(8, 16) };
    await client.track({ frames: [own, view], queryXyN2: Float32Array.of(5, 0) });
    expect(own.gray.length).toBe(0);
    expect(clip.length).toBe(80);
  });

  it("stops the work on cancel and then serves the next request", async () => {
    const tracker = new SlowTracker();
    const client = new TrackingClient(() => threadOf(tracker));
    const controller = new AbortController();
    const cancelled = client.track(request(1, 3000), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
    await client.track(request(2, 1));
    expect(tracker.log).toEqual(["start 1 (1 at once)", "start 2 (1 at once)", "end 2"]);
  });

  it("never posts a request that was cancelled before", async () => {
    const client = new TrackingClient(() => {
      throw new Error("no worker expected");
    });
    const signal = AbortSignal.abort();
    await expect(client.track(request(1, 1), { signal })).rejects.toBeInstanceOf(CancelledError);
  });

  it("reports a dead worker and starts a new one for the next request", async () => {
    const workers: InProcessThread[] = [];
    const client = new TrackingClient(() => {
      const worker = threadOf(new SlowTracker());
      workers.push(worker);
      return worker;
    });
    const lost = client.track(request(1, 3000));
    workers[0].crash();
    await expect(lost).rejects.toBeInstanceOf(RuntimeLostError);
    expect((await client.track(request(3, 1))).tracksTN2[0]).toBe(3);
    expect(workers).toHaveLength(2);
    expect(workers[0].terminated).toBe(true);
  });

  it("keeps the class of errors", async () => {
    const failing: PointTracker = {
      track: () => Promise.reject(new RuntimeLostError("broken", "try again")),
    };
    const client = new TrackingClient(() => threadOf(failing));
    await expect(client.track(request(1, 1))).rejects.toMatchObject({
      name: "RuntimeLostError",
      remedy: "try again",
    });
  });
});

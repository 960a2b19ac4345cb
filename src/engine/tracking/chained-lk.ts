import type { GrayFrame } from "../../domain/clip.ts";
import { isInsideFrame } from "../../domain/inside-frame.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { PointTracker, TrackRequest } from "../../domain/ports.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";
import { IDENTITY_WARP, type Plane, TrackingKernel } from "./kernel/kernel.ts";

/**
 * The yardstick: plain pyramidal Lucas-Kanade from frame to frame (Bouguet 2001), a flat 21×21
 * window on full size and three halvings, no check. A point is lost when it leaves the frame.
 */
export function createChainedLkTracker(
  loadKernel: () => Promise<WebAssembly.Module>,
): PointTracker {
  return {
    track: async (request, job) => chain(new TrackingKernel(await loadKernel()), request, job),
  };
}

async function chain(kernel: TrackingKernel, request: TrackRequest, job?: Job): Promise<Tracks> {
  const { frames, queryXyN2 } = request;
  const n = queryXyN2.length / 2;
  const tracks = createTracks(frames.length, n);
  tracks.tracksTN2.set(queryXyN2);
  tracks.visibilityTN.fill(1, 0, n);
  const patch = kernel.createPatch({
    radius: 10,
    spread: Number.POSITIVE_INFINITY,
    invariant: false,
  });
  const match = kernel.createMatch();
  const planes = (frame: GrayFrame): Plane[] => [
    kernel.fullPlane(frame),
    ...kernel.buildPyramid(frame, 3).levels,
  ];
  let from: Plane[] | null = null;
  let t = 0;
  for await (const frame of frames) {
    throwIfCancelled(job);
    const to = planes(frame);
    const { size } = frame;
    if (!from) {
      from = to;
      t++;
      continue;
    }
    for (let i = 0; i < n; i++) {
      const before = ((t - 1) * n + i) * 2;
      const px = tracks.tracksTN2[before];
      const py = tracks.tracksTN2[before + 1];
      let x = px;
      let y = py;
      const alive = tracks.visibilityTN[(t - 1) * n + i] === 1;
      for (let level = to.length - 1; alive && level >= 0; level--) {
        const scale = 2 ** level;
        const fromX = (px + 0.5) / scale - 0.5;
        const fromY = (py + 0.5) / scale - 0.5;
        kernel.cut(patch, from[level], fromX, fromY, IDENTITY_WARP);
        match.moveTo((x + 0.5) / scale - 0.5, (y + 0.5) / scale - 0.5);
        kernel.align(match, patch, to[level], match.x, match.y, 0, 20);
        x = (match.x + 0.5) * scale - 0.5;
        y = (match.y + 0.5) * scale - 0.5;
      }
      const inside = isInsideFrame(x, y, size);
      const after = (t * n + i) * 2;
      tracks.tracksTN2[after] = x;
      tracks.tracksTN2[after + 1] = y;
      tracks.visibilityTN[t * n + i] = alive && inside ? 1 : 0;
    }
    from = to;
    t++;
    job?.onProgress?.({ stage: "Tracking", done: t, total: frames.length });
  }
  return tracks;
}

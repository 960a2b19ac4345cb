import type { ClipInfo, Fit, Frame, GrayFrame, WorkingRate } from "../../src/domain/clip.ts";
import { fitPicture, videoPxFromClipPx } from "../../src/domain/fitting.ts";
import type { OpenClip } from "../../src/domain/ports.ts";
import { grayFromFrame } from "../../src/engine/tracking/luma.ts";
import { createPageDecoder } from "../../src/workers/decode/client.ts";
import { readIndexed } from "../media/picture.ts";

export type Way = ClipInfo["decodedBy"] | undefined;

export interface Request {
  readonly url: string;
  readonly way: Way;
  readonly rate: WorkingRate;
  readonly fit: Fit;
  readonly width: number;
  readonly height: number;
  /** Where the frames of another decoder lie, RGBA, one after the other. */
  readonly reference?: string;
  readonly start?: number;
  readonly end?: number;
}

export interface Outcome {
  readonly info: Omit<ClipInfo, "frameTimesSecs">;
  readonly indices: number[];
  readonly upright: boolean;
  /** Luma of the same pass is that of the pictures, byte for byte. */
  readonly lumaAgrees: boolean;
  /** Largest over the frames of the mean absolute difference to the reference, of 255. */
  readonly worstMeanDifference: number;
  readonly openMillis: number;
  readonly readMillis: number;
}

export interface Harness {
  decode(request: Request): Promise<Outcome>;
  /** How many frames came of one kind, and nothing else: to be timed. */
  count(request: Request, what: "pictures" | "luma"): Promise<number>;
  failure(url: string): Promise<{ name: string; message: string; remedy: string }>;
  /** Cancels at the first frame; then reads one frame and says what came. */
  cancel(request: Request): Promise<{ error: string; seenLater: number; after: number }>;
}

declare global {
  interface Window {
    decodeHarness: Harness;
  }
}

async function load(url: string): Promise<File> {
  const response = await fetch(url);
  return new File([await response.blob()], url.split("/").at(-1) ?? "clip");
}

async function readAll(clip: OpenClip, request: Request) {
  const { start = 0, end = clip.info.frameCount, width, height } = request;
  const frames: Frame[] = [];
  const luma: GrayFrame[] = [];
  await clip.read(
    start,
    Math.min(end, clip.info.frameCount),
    { width, height },
    { onFrame: (frame) => frames.push(frame), onLuma: (own) => luma.push(own) },
  );
  return { frames, luma };
}

function agree(frames: readonly Frame[], luma: readonly GrayFrame[]): boolean {
  if (frames.length !== luma.length) return false;
  return frames.every((frame, k) => {
    const { gray } = grayFromFrame(frame);
    return gray.every((value, i) => value === luma[k].gray[i]);
  });
}

function meanDifference(a: Uint8ClampedArray, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) if (i % 4 !== 3) sum += Math.abs(a[i] - b[i]);
  return sum / ((a.length * 3) / 4);
}

window.decodeHarness = {
  async decode(request) {
    const { url, way, rate, fit, width, height, reference } = request;
    const file = await load(url);
    const began = performance.now();
    const clip = await createPageDecoder(way).open(file, { rate, fit });
    const opened = performance.now();
    const { frames, luma } = await readAll(clip, request);
    const ended = performance.now();
    await clip.close();
    const { frameTimesSecs: _, ...info } = clip.info;
    const display = info.displaySize;
    const fitting = fitPicture(display, { width, height }, fit);
    const readings = frames.map((frame) =>
      readIndexed(frame.rgba, width, (u, v) =>
        videoPxFromClipPx(fitting, u * display.width - 0.5, v * display.height - 0.5),
      ),
    );
    let worstMeanDifference = 0;
    if (reference) {
      const bytes = new Uint8Array(await (await fetch(reference)).arrayBuffer());
      const length = 4 * width * height;
      if (bytes.length !== frames.length * length) worstMeanDifference = Number.POSITIVE_INFINITY;
      for (const [i, { rgba }] of frames.entries()) {
        const other = bytes.subarray(i * length, (i + 1) * length);
        worstMeanDifference = Math.max(worstMeanDifference, meanDifference(rgba, other));
      }
    }
    return {
      info,
      indices: readings.map((r) => r.index),
      upright: readings.every((r) => r.upright),
      lumaAgrees: agree(frames, luma),
      worstMeanDifference,
      openMillis: opened - began,
      readMillis: ended - opened,
    };
  },

  async count({ url, way, rate, fit, width, height, start = 0, end }, what) {
    const clip = await createPageDecoder(way).open(await load(url), { rate, fit });
    let count = 0;
    const heard = () => void count++;
    const taps = what === "luma" ? { onLuma: heard } : { onFrame: heard };
    await clip.read(start, end ?? clip.info.frameCount, { width, height }, taps);
    await clip.close();
    return count;
  },

  async failure(url) {
    const file = await load(url);
    try {
      const clip = await createPageDecoder().open(file, { rate: 16, fit: "cover" });
      return { name: "none", message: JSON.stringify(clip.info), remedy: "" };
    } catch (error) {
      const { name, message, remedy } = error as { name: string; message: string; remedy: string };
      return { name, message, remedy };
    }
  },

  async cancel(request) {
    const { url, way, rate, fit, width, height } = request;
    const clip = await createPageDecoder(way).open(await load(url), { rate, fit });
    const controller = new AbortController();
    const size = { width, height };
    let seen = 0;
    let error = "none";
    let atRejection = 0;
    try {
      const count = clip.info.frameCount;
      const onFrame = () => {
        seen++;
        controller.abort();
      };
      await clip.read(0, count, size, { onFrame }, { signal: controller.signal });
    } catch (caught) {
      error = (caught as Error).name;
      atRejection = seen;
    }
    let after = -1;
    const onFrame = (frame: Frame) => {
      after = frame.index;
    };
    await clip.read(3, 4, size, { onFrame });
    await clip.close();
    return { error, seenLater: seen - atRejection, after };
  },
};

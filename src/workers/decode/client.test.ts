import { afterEach, expect, test, vi } from "vitest";
import type { ClipInfo } from "../../domain/clip.ts";
import { CancelledError, MediaError } from "../../domain/errors.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import { Heartbeat } from "../channel/heartbeat.ts";
import { InProcessThread } from "../channel/in-process.ts";
import { type Handlers, serveChannel } from "../channel/server.ts";
import { buffersOf } from "../channel/transfer.ts";
import { createPageDecoder } from "./client.ts";
import type { DecodeOperations, OpenRequest, Resume } from "./protocol.ts";

const SIZE = { width: 2, height: 1 };
const OPTIONS = { rate: 16, fit: "cover" } as const;
const RESUME = { ffmpeg: { kind: "video" }, core: null } as unknown as Resume;

function infoOf(decodedBy: ClipInfo["decodedBy"]): ClipInfo {
  return {
    name: "clip.mp4",
    kind: "video",
    displaySize: SIZE,
    durationSecs: 1,
    nativeFps: 16,
    nativeFrameCount: 16,
    fps: 16,
    frameCount: 16,
    frameTimesSecs: Float64Array.from({ length: 16 }, (_, i) => i / 16),
    codec: "avc",
    decodedBy,
  };
}

/** Each frame's first byte is its index. */
function decoding(
  asked: OpenRequest[],
  frames: Partial<Handlers<DecodeOperations>> = {},
): Handlers<DecodeOperations> {
  return {
    async open(request) {
      asked.push(request);
      const ffmpeg = request.only === "ffmpeg.wasm" || request.resume !== undefined;
      return ffmpeg
        ? { info: infoOf("ffmpeg.wasm"), resume: RESUME }
        : { info: infoOf("webcodecs") };
    },
    async read({ start, end, size, wanted, wantsLuma }, { job, send }) {
      for (let index = start; index < end; index++) {
        await new Promise((done) => setTimeout(done, 1));
        throwIfCancelled(job);
        const area = size.width * size.height;
        const rgba = wanted[index - start]
          ? new Uint8ClampedArray(4 * area).fill(index)
          : undefined;
        const gray = wantsLuma ? new Uint8Array(area).fill(index) : undefined;
        send({ kind: "frame", index, rgba, gray }, buffersOf(rgba, gray));
      }
      return undefined;
    },
    ...frames,
  };
}

function setUp(start: (thread: number, asked: OpenRequest[]) => InProcessThread) {
  const asked: OpenRequest[] = [];
  const threads: InProcessThread[] = [];
  const decoder = createPageDecoder(undefined, () => {
    threads.push(start(threads.length, asked));
    return threads[threads.length - 1];
  });
  return { asked, threads, decoder };
}

const plain = (_: number, asked: OpenRequest[]) =>
  InProcessThread.serving<DecodeOperations>(decoding(asked));
const file = new Blob(["clip"]);

afterEach(() => {
  vi.useRealTimers();
});

test("frames come in order with their progress", async () => {
  const clip = await setUp(plain).decoder.open(file, OPTIONS);
  const seen: number[] = [];
  const done: number[] = [];
  await clip.read(
    3,
    6,
    SIZE,
    { onFrame: ({ index, rgba }) => seen.push(index, rgba[0]) },
    {
      onProgress: (progress) => done.push(progress.done),
    },
  );
  expect(seen).toEqual([3, 3, 4, 4, 5, 5]);
  expect(done).toEqual([1, 2, 3]);
});

test("one pass gives luma of every frame and only the pictures that are wanted", async () => {
  const clip = await setUp(plain).decoder.open(file, OPTIONS);
  const heard: string[] = [];
  const done: number[] = [];
  await clip.read(
    3,
    7,
    SIZE,
    {
      onLuma: ({ size, gray }, index) => heard.push(`luma ${index} ${gray[0]} ${size.width}`),
      onFrame: ({ index, rgba }) => heard.push(`picture ${index} ${rgba[0]}`),
      wantsFrame: (index) => index === 5,
    },
    { onProgress: (progress) => done.push(progress.done) },
  );
  expect(heard).toEqual(["luma 3 3 2", "luma 4 4 2", "luma 5 5 2", "picture 5 5", "luma 6 6 2"]);
  expect(done).toEqual([1, 2, 3, 4]);
});

test("what was cancelled before it was asked starts no thread and reads nothing", async () => {
  const { decoder, threads, asked } = setUp(plain);
  const job = { signal: AbortSignal.abort() };
  await expect(decoder.open(file, OPTIONS, job)).rejects.toBeInstanceOf(CancelledError);
  expect(threads).toHaveLength(0);
  const clip = await decoder.open(file, OPTIONS);
  const seen = vi.fn();
  await expect(clip.read(0, 9, SIZE, { onFrame: seen }, job)).rejects.toBeInstanceOf(
    CancelledError,
  );
  await clip.read(0, 1, SIZE, {});
  expect(seen).not.toHaveBeenCalled();
  expect(asked).toHaveLength(1);
});

test("a cancel while a lost decoder opens the clip again is seen at once", async () => {
  const { decoder, threads } = setUp((thread, asked) =>
    thread === 0
      ? plain(thread, asked)
      : InProcessThread.serving<DecodeOperations>(
          decoding(asked, { open: () => new Promise(() => undefined) }),
        ),
  );
  const clip = await decoder.open(file, OPTIONS);
  threads[0].crash("gone");
  const controller = new AbortController();
  const cancelled = clip.read(0, 9, SIZE, {}, controller);
  controller.abort();
  await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
});

test("a cancel in the browser's decoder keeps the thread, one in ffmpeg replaces it", async () => {
  for (const ffmpeg of [false, true]) {
    const { decoder, threads, asked } = setUp((_, requests) =>
      InProcessThread.serving<DecodeOperations>(
        decoding(requests, {
          open: async (request) => {
            requests.push(request);
            return { info: infoOf("webcodecs"), ...(ffmpeg && { resume: RESUME }) };
          },
        }),
      ),
    );
    const clip = await decoder.open(file, OPTIONS);
    const controller = new AbortController();
    const cancelled = clip.read(0, 16, SIZE, { onFrame: () => controller.abort() }, controller);
    const seen: number[] = [];
    const other = clip.read(4, 8, SIZE, { onFrame: ({ index }) => seen.push(index) });
    await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
    await other;
    expect(seen).toEqual([4, 5, 6, 7]);
    expect(threads).toHaveLength(ffmpeg ? 2 : 1);
    expect(asked.at(-1)?.resume !== undefined).toBe(ffmpeg);
  }
});

test("a thread that dies is told; the next read opens the clip again", async () => {
  const { decoder, threads, asked } = setUp(plain);
  const clip = await decoder.open(file, OPTIONS);
  const lost = clip.read(0, 16, SIZE, { onFrame: () => threads[0].crash("gone") });
  await expect(lost).rejects.toMatchObject({
    name: "RuntimeLostError",
    message: "The decoder stopped (gone).",
  });
  const seen: number[] = [];
  await clip.read(2, 4, SIZE, { onFrame: ({ index }) => seen.push(index) });
  expect(seen).toEqual([2, 3]);
  expect(asked[1].frameTimesSecs).toEqual(clip.info.frameTimesSecs);
});

test("a browser's decoder that falls silent: ffmpeg goes on after the last frame", async () => {
  vi.useFakeTimers();
  const { decoder, asked } = setUp((thread, requests) => {
    if (thread > 0) return plain(thread, requests);
    return new InProcessThread((port) => {
      const { open, read } = decoding(requests);
      const heartbeat = new Heartbeat(port);
      serveChannel<DecodeOperations>(
        port,
        {
          async open(request, call) {
            heartbeat.setBlocks(false);
            return open(request, call);
          },
          async read(request, call) {
            await read({ ...request, end: request.start + 2 }, call);
            return new Promise(() => undefined);
          },
        },
        { locks: null },
      );
    });
  });
  const opening = decoder.open(file, OPTIONS);
  await vi.advanceTimersByTimeAsync(100);
  const clip = await opening;
  const seen: number[] = [];
  const read = clip.read(0, 5, SIZE, { onFrame: ({ index }) => seen.push(index) });
  await vi.advanceTimersByTimeAsync(5000);
  await read;
  expect(seen).toEqual([0, 1, 2, 3, 4]);
  expect(asked.map(({ only }) => only)).toEqual([undefined, "ffmpeg.wasm"]);
});

test("an empty file, a file that is no clip, and a closed clip", async () => {
  const { decoder, threads } = setUp((_, asked) =>
    InProcessThread.serving<DecodeOperations>(
      decoding(asked, {
        open: async () => {
          throw new MediaError("not a clip", "another");
        },
      }),
    ),
  );
  await expect(decoder.open(new Blob([]), OPTIONS)).rejects.toThrow(/empty/);
  await expect(decoder.open(file, OPTIONS)).rejects.toBeInstanceOf(MediaError);
  expect(threads[0].terminated).toBe(true);
  const clip = await setUp(plain).decoder.open(file, OPTIONS);
  const reading = clip.read(0, 16, SIZE, {});
  await clip.close();
  await expect(reading).rejects.toBeInstanceOf(CancelledError);
});

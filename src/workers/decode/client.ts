import type { ClipInfo, Size, WorkingOptions } from "../../domain/clip.ts";
import { MediaError, RuntimeLostError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { ClipDecoder, FrameTaps, OpenClip } from "../../domain/ports.ts";
import { askedOf } from "../../engine/tracking/luma.ts";
import { WorkerChannel } from "../channel/client.ts";
import type { ThreadPort } from "../channel/protocol.ts";
import {
  type DecodeOperations,
  type OpenedClip,
  type OpenRequest,
  type Resume,
  WANTED,
} from "./protocol.ts";

/** Without a word from the decoder for this long it is stuck: damaged files can do that. */
const SILENCE_MILLIS = 15_000;
/** The browser's decoders leave their thread free to speak every second; ffmpeg does not. */
const STALL_MILLIS = 3000;

function startWorker(): ThreadPort {
  return new Worker(new URL("./decode.worker.ts", import.meta.url), { type: "module" });
}

/** Once compiled, the core of ffmpeg.wasm serves every later clip. */
let core: WebAssembly.Module | undefined;

/**
 * Opens clips in the page, one worker each: the browser's decoders where they can, ffmpeg.wasm
 * otherwise. Rejects with MediaError for what is not a clip. `only` forces one of them, for tests.
 */
export function createPageDecoder(
  only?: ClipInfo["decodedBy"],
  startThread: () => ThreadPort = startWorker,
): ClipDecoder<Blob> {
  return {
    async open(source, options, job) {
      throwIfCancelled(job);
      if (source.size === 0) {
        throw new MediaError("The file is empty (0 bytes).", "Copy it again from its source.");
      }
      const clip = new WorkerClip(source, options, only, startThread);
      try {
        await clip.open(job);
        return clip;
      } catch (error) {
        await clip.close();
        throw error;
      }
    },
  };
}

class WorkerClip implements OpenClip {
  private readonly channel: WorkerChannel<DecodeOperations>;
  groupStarts: OpenClip["groupStarts"];
  private opened: ClipInfo | undefined;
  private resume: Resume | undefined;

  constructor(
    private readonly file: Blob,
    private readonly options: WorkingOptions,
    private only: ClipInfo["decodedBy"] | undefined,
    startThread: () => ThreadPort,
  ) {
    this.channel = new WorkerChannel({
      startThread,
      toLoss: (reason) =>
        new RuntimeLostError(
          `The decoder stopped (${reason || "unknown reason"}).`,
          "Try again. If it happens again, convert the clip to H.264 MP4.",
        ),
      opening: {
        op: "open",
        request: () => this.openRequest(),
        onReply: (opened) => this.learn(opened),
      },
      silence: {
        patienceMillis: (blocks) => (this.hasFallback(blocks) ? STALL_MILLIS : SILENCE_MILLIS),
        onSilent: (blocks) => {
          if (!this.hasFallback(blocks)) return "no answer";
          this.only = "ffmpeg.wasm";
          return "restart";
        },
      },
      // The browser's decoders hear a message; ffmpeg blocks its thread, so the thread has to go.
      hearsCancel: () => this.opened !== undefined && this.resume === undefined,
    });
  }

  get info(): ClipInfo {
    if (!this.opened) throw new Error("the clip is not open yet");
    return this.opened;
  }

  open(job?: Job): Promise<void> {
    return this.channel.open(job);
  }

  read(start: number, end: number, size: Size, taps: FrameTaps, job?: Job): Promise<void> {
    const { onFrame, onPlanar, onLuma } = taps;
    let next = start;
    const wanted = (_: unknown, k: number) => {
      const { frame, planar } = askedOf(taps, next + k);
      return (frame ? WANTED.rgba : 0) + (planar ? WANTED.planar : 0);
    };
    return this.channel.call("read", {
      // A restarted worker goes on where the last one stopped.
      request: () => ({
        start: next,
        end,
        size,
        wanted: Uint8Array.from({ length: end - next }, wanted),
        wantsLuma: onLuma !== undefined,
      }),
      onEvent: (event) => {
        if (event.kind === "fallback") return this.learn(event.opened);
        const { index, gray, rgba, planar } = event;
        next = index + 1;
        if (gray) onLuma?.({ size, gray }, index);
        if (rgba) onFrame?.({ index, size, rgba });
        if (planar) onPlanar?.(planar, index);
        job?.onProgress?.({ stage: "decode", done: next - start, total: end - start });
      },
      job,
    });
  }

  async close(): Promise<void> {
    this.channel.dispose();
  }

  private learn({ info, groupStarts, resume }: OpenedClip): void {
    this.opened ??= info;
    this.groupStarts = groupStarts;
    this.resume = resume;
    core ??= resume?.core;
  }

  private openRequest(): OpenRequest {
    return {
      file: this.file,
      name: "name" in this.file ? String(this.file.name) : "clip",
      options: this.options,
      only: this.only,
      core: core ?? this.resume?.core,
      resume: this.resume?.ffmpeg,
      frameTimesSecs: this.opened?.frameTimesSecs,
    };
  }

  /** What the browser decodes without a word, ffmpeg.wasm may decode yet. */
  private hasFallback(blocks: boolean): boolean {
    return !blocks && this.only === undefined;
  }
}

import type { ClipInfo, Frame, Size, WorkingOptions } from "../../domain/clip.ts";
import {
  CancelledError,
  deserializeError,
  MediaError,
  RuntimeLostError,
} from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { ClipDecoder, OpenClip } from "../../domain/ports.ts";
import { withLifeline } from "../lifeline.ts";
import { SilenceWatch } from "../silence.ts";
import type { DecodeReply, DecodeRequest, Resume } from "./protocol.ts";

/** Without a word from the decoder for this long it is stuck: damaged files can do that. */
const SILENCE_MILLIS = 15_000;
/** Until its first word: its script may come over a slow line. */
const START_MILLIS = 60_000;
/** The browser's decoders leave their thread free to speak every second; ffmpeg does not. */
const STALL_MILLIS = 3000;

function startWorker(): Worker {
  return withLifeline(
    new Worker(new URL("./decode.worker.ts", import.meta.url), { type: "module" }),
  );
}

/** Once compiled, the core of ffmpeg.wasm serves every later clip. */
let core: WebAssembly.Module | undefined;

/**
 * Opens clips in the page, one worker each: the browser's decoders where they can, ffmpeg.wasm
 * otherwise. Rejects with MediaError for what is not a clip. `only` forces one way, for tests.
 */
export function createPageDecoder(only?: ClipInfo["decodedBy"]): ClipDecoder<Blob> {
  return {
    async open(source, options, job) {
      throwIfCancelled(job);
      if (source.size === 0) {
        throw new MediaError("The file is empty (0 bytes).", "Copy it again from its source.");
      }
      const clip = new WorkerClip(source, options, only);
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

interface Pending {
  readonly request: (id: number) => DecodeRequest;
  readonly onReply: (reply: DecodeReply) => void;
  readonly fail: (error: Error) => void;
}

class WorkerClip implements OpenClip {
  private worker: Worker | undefined;
  private nextId = 1;
  private readonly pending = new Map<number, Pending>();
  private readonly silence = new SilenceWatch(() => this.giveUp());
  /** The thread has said its first word. */
  private isUp = false;
  /** What the thread runs now keeps it from speaking often. */
  private blocks = true;
  private opened: ClipInfo | undefined;
  private resume: Resume | undefined;

  constructor(
    private readonly file: Blob,
    private readonly options: WorkingOptions,
    private only: ClipInfo["decodedBy"] | undefined,
  ) {}

  get info(): ClipInfo {
    if (!this.opened) throw new Error("the clip is not open yet");
    return this.opened;
  }

  async open(job?: Job): Promise<void> {
    await this.call(
      (id) => this.openRequest(id),
      (reply) => {
        if (reply.kind !== "opened") return;
        this.opened = reply.info;
        core ??= reply.resume?.core;
      },
      job,
    );
  }

  async read(
    start: number,
    end: number,
    size: Size,
    onFrame: (frame: Frame) => void,
    job?: Job,
  ): Promise<void> {
    throwIfCancelled(job);
    let next = start;
    await this.call(
      // A restarted worker goes on where the last one stopped.
      (id) => ({ kind: "read", id, start: next, end, size }),
      (reply) => {
        if (reply.kind !== "frame") return;
        next = reply.index + 1;
        onFrame({ index: reply.index, size, rgba: reply.rgba });
        job?.onProgress?.({ stage: "decode", done: next - start, total: end - start });
      },
      job,
    );
  }

  async close(): Promise<void> {
    this.stopWorker();
    for (const { fail } of this.pending.values()) fail(new CancelledError());
    this.pending.clear();
  }

  private openRequest(id: number): DecodeRequest {
    return {
      kind: "open",
      id,
      file: this.file,
      name: "name" in this.file ? String(this.file.name) : "clip",
      options: this.options,
      only: this.only,
      core: core ?? this.resume?.core,
      resume: this.resume?.ffmpeg,
      frameTimesSecs: this.opened?.frameTimesSecs,
    };
  }

  private call(
    request: Pending["request"],
    onReply: Pending["onReply"],
    job: Job | undefined,
  ): Promise<void> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.settle(id);
        reject(new CancelledError());
        this.stop(id);
      };
      const end = () => job?.signal?.removeEventListener("abort", cancel);
      this.pending.set(id, {
        request,
        onReply: (reply) => {
          if (reply.kind === "progress") job?.onProgress?.(reply.progress);
          else onReply(reply);
          if (reply.kind === "frame" || reply.kind === "progress") return;
          this.settle(id);
          end();
          if (reply.kind === "failed") reject(deserializeError(reply.error));
          else resolve();
        },
        fail: (error) => {
          end();
          reject(error);
        },
      });
      job?.signal?.addEventListener("abort", cancel, { once: true });
      this.post(request(id));
    });
  }

  private settle(id: number): void {
    this.pending.delete(id);
    this.watch();
  }

  /** The browser's decoders hear a message; ffmpeg blocks its thread, so the thread has to go. */
  private stop(id: number): void {
    if (this.opened && !this.resume) {
      this.worker?.postMessage({ kind: "cancel", id } satisfies DecodeRequest);
      return;
    }
    this.restart();
  }

  private restart(): void {
    this.stopWorker();
    for (const [id, { request }] of this.pending) this.post(request(id));
  }

  private post(request: DecodeRequest): void {
    if (!this.worker) {
      const worker = startWorker();
      this.worker = worker;
      worker.addEventListener("message", ({ data }) => {
        if (this.worker === worker) this.receive(data as DecodeReply);
      });
      worker.addEventListener("error", (event) => {
        if (this.worker === worker) this.lose(event.message);
      });
      if (request.kind !== "open") worker.postMessage(this.openRequest(0));
    }
    this.worker.postMessage(request);
    this.watch();
  }

  private receive(reply: DecodeReply): void {
    this.isUp = true;
    if (reply.kind === "alive") this.blocks = reply.blocks;
    this.watch();
    // Also unasked, when the worker had to change from the browser's decoder to ffmpeg.
    if (reply.kind === "opened") this.resume = reply.resume;
    if (reply.kind !== "alive") this.pending.get(reply.id)?.onReply(reply);
  }

  private watch(): void {
    if (this.pending.size === 0) this.silence.stop();
    else this.silence.listen(this.patienceMillis);
  }

  private get patienceMillis(): number {
    if (!this.isUp) return START_MILLIS;
    return this.mayChangeWay ? STALL_MILLIS : SILENCE_MILLIS;
  }

  private get mayChangeWay(): boolean {
    return !this.blocks && this.only === undefined;
  }

  private giveUp(): void {
    if (this.mayChangeWay) {
      this.only = "ffmpeg.wasm";
      this.restart();
    } else this.lose("no answer");
  }

  private lose(reason: string): void {
    this.stopWorker();
    const error = new RuntimeLostError(
      `The decoder stopped (${reason || "unknown reason"}).`,
      "Try again. If it happens again, convert the clip to H.264 MP4.",
    );
    for (const { fail } of this.pending.values()) fail(error);
    this.pending.clear();
  }

  private stopWorker(): void {
    this.silence.stop();
    this.blocks = true;
    this.isUp = false;
    this.worker?.terminate();
    this.worker = undefined;
  }
}

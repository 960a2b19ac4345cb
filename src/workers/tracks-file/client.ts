import { CancelledError, deserializeError, RuntimeLostError } from "../../domain/errors.ts";
import type { ImportClip } from "../../formats/import/common/inspect.ts";
import type {
  ImportChoices,
  ImportedTracks,
  TrackInspection,
} from "../../formats/import/common/types.ts";
import { withLifeline } from "../lifeline.ts";
import type { TracksFileReply, TracksFileRequest } from "./protocol.ts";

export type WorkerLike = Pick<Worker, "postMessage" | "terminate" | "addEventListener">;

function startWorker(): WorkerLike {
  return withLifeline(
    new Worker(new URL("./tracks-file.worker.ts", import.meta.url), { type: "module" }),
  );
}

type Answer = Exclude<TracksFileReply, { kind: "failed" }>;
type Question = TracksFileRequest extends infer R
  ? R extends unknown
    ? Omit<R, "id">
    : never
  : never;

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A file of tracks, or several .npy that belong together, on a thread of its own, so that a large or
 * hostile one never stops the page. All methods reject with FormatError for what the file holds, and
 * with RuntimeLostError when the thread dies: the next call opens the file again on a new one.
 * `close` ends the thread; what is under way or comes later rejects with CancelledError.
 */
export class TracksFile {
  private worker: WorkerLike | undefined;
  private clip: ImportClip | undefined;
  private closed = false;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;

  constructor(
    private readonly files: readonly File[],
    private readonly makeWorker: () => WorkerLike = startWorker,
  ) {}

  /** For the user: "tracks.npy", "tracks.npy and 1 more". */
  get name(): string {
    const more = this.files.length - 1;
    return more === 0 ? this.files[0].name : `${this.files[0].name} and ${more} more`;
  }

  get size(): number {
    return this.files.reduce((sum, file) => sum + file.size, 0);
  }

  /** Comes first, once. `clip` is what the tracks should belong to. */
  open(clip: ImportClip): Promise<TrackInspection> {
    this.clip = clip;
    return this.inspection({ kind: "open", files: this.files, clip });
  }

  /** The proposal for another array of the file. */
  inspect(tracks: string): Promise<TrackInspection> {
    return this.inspection({ kind: "inspect", tracks });
  }

  async read(choices: ImportChoices): Promise<ImportedTracks> {
    const answer = await this.ask({ kind: "read", choices });
    if (answer.kind !== "imported") throw new Error(`${answer.kind} is no answer to read`);
    return answer.imported;
  }

  close(): void {
    this.closed = true;
    this.stop(new CancelledError());
  }

  private async inspection(question: Question): Promise<TrackInspection> {
    const answer = await this.ask(question);
    if (answer.kind !== "inspected") throw new Error(`${answer.kind} is no inspection`);
    return answer.inspection;
  }

  private ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.closed) throw new CancelledError();
      if (!this.worker && this.clip && question.kind !== "open") {
        const open = { kind: "open", files: this.files, clip: this.clip } as const;
        this.post(open, { resolve: () => undefined, reject });
      }
      this.post(question, { resolve, reject });
    });
  }

  private post(question: Question, pending: Pending): void {
    this.worker ??= this.start();
    const id = this.nextId++;
    this.pending.set(id, pending);
    this.worker.postMessage({ ...question, id });
  }

  private start(): WorkerLike {
    const worker = this.makeWorker();
    worker.addEventListener("message", (event) => {
      if (this.worker === worker) this.receive((event as MessageEvent<TracksFileReply>).data);
    });
    worker.addEventListener("error", (event) => {
      if (this.worker !== worker) return;
      const reason = (event as ErrorEvent).message || "out of memory";
      this.stop(
        new RuntimeLostError(
          `Reading ${this.name} stopped (${reason})`,
          "Save fewer frames or points, then import again.",
        ),
      );
    });
    return worker;
  }

  private receive(reply: TracksFileReply): void {
    const pending = this.pending.get(reply.id);
    this.pending.delete(reply.id);
    if (reply.kind === "failed") pending?.reject(deserializeError(reply.error));
    else pending?.resolve(reply);
  }

  private stop(error: Error): void {
    this.worker?.terminate();
    this.worker = undefined;
    const lost = [...this.pending.values()];
    this.pending.clear();
    for (const { reject } of lost) reject(error);
  }
}

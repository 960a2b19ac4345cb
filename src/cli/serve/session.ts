import { FormatError, isCancelled, serializeError } from "../../domain/errors.ts";
import { type Engine, makeOfClip } from "./make.ts";
import {
  type Description,
  type MakeRequest,
  type Reply,
  type Request,
  type RequestId,
  requestSchema,
} from "./protocol.ts";

interface Place {
  queue: Promise<void>;
  /** Requests that have not ended. */
  waiting: number;
}

/** Progress of a request is told this often at most: its lines are also its sign of life. */
const PROGRESS_MILLIS = 500;

/**
 * Answers requests in the order in which they come, at most `atOnce` of them at a time: while one waits
 * for its pictures or its disk, another is worked on. `cancel` is heard at once. Every request ends with
 * one `done` or `error`; an error never ends the session.
 */
export class Session {
  /** One queue a place: a request goes to the one that has the fewest. */
  private readonly places: Place[];
  private readonly running = new Map<RequestId, AbortController>();

  constructor(
    private readonly engine: Engine,
    private readonly description: Description,
    private readonly tell: (reply: Reply) => void,
    atOnce = 1,
  ) {
    this.places = Array.from({ length: atOnce }, () => ({ queue: Promise.resolve(), waiting: 0 }));
  }

  /** One line of input. */
  hear(line: string): void {
    if (line.trim() === "") return;
    const request = this.read(line);
    if (!request) return;
    if (request.do === "cancel") {
      this.running.get(request.of)?.abort();
      this.tell({ id: request.id, event: "done" });
      return;
    }
    if (request.do === "describe") {
      this.tell({ id: request.id, event: "done", described: this.description });
      return;
    }
    const controller = new AbortController();
    this.running.set(request.id, controller);
    const place = this.places.reduce((a, b) => (b.waiting < a.waiting ? b : a));
    place.waiting++;
    place.queue = place.queue.then(async () => {
      await this.make(request, controller.signal);
      place.waiting--;
    });
  }

  /** Stops what runs and waits; resolves once everything has been answered. */
  async stop(): Promise<void> {
    for (const controller of this.running.values()) controller.abort();
    await this.settled();
  }

  /** Resolves once everything that was heard has been answered. */
  async settled(): Promise<void> {
    await Promise.all(this.places.map(({ queue }) => queue));
  }

  private read(line: string): Request | null {
    let id: RequestId | null = null;
    try {
      const value: unknown = JSON.parse(line);
      id = idOf(value);
      const { data, error } = requestSchema.safeParse(value);
      if (data) return data;
      const [issue] = error.issues;
      throw new FormatError(
        `The request is not understood: ${issue.path.join(".") || "it"}: ${issue.message}`,
        "See src/cli/SERVE.md for what a request holds.",
      );
    } catch (error) {
      const told =
        error instanceof FormatError
          ? error
          : new FormatError("The line is no JSON", "Write one JSON object a line.");
      this.tell({ id, event: "error", error: serializeError(told) });
      return null;
    }
  }

  private async make(request: MakeRequest, signal: AbortSignal): Promise<void> {
    const { id } = request;
    let toldAt = Number.NEGATIVE_INFINITY;
    const progress = (stage: string, share: number) => {
      const now = performance.now();
      if (now - toldAt < PROGRESS_MILLIS) return;
      toldAt = now;
      this.tell({ id, event: "progress", stage, share });
    };
    try {
      await makeOfClip(request, this.engine, {
        signal,
        onClip: (clip) => this.tell({ id, event: "clip", clip }),
        onProgress: progress,
        onRow: (row) => this.tell({ id, event: "row", row }),
      });
      this.tell({ id, event: "done" });
    } catch (error) {
      const cancelled = { name: "CancelledError", message: "Cancelled" };
      const told = isCancelled(error) || signal.aborted ? cancelled : serializeError(error);
      this.tell({ id, event: "error", error: told });
    } finally {
      this.running.delete(id);
    }
  }
}

function idOf(value: unknown): RequestId | null {
  const id = value && typeof value === "object" && "id" in value ? value.id : null;
  return typeof id === "string" || typeof id === "number" ? id : null;
}

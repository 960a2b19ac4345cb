import { MediaError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import { formatBytes } from "../status/words.ts";

/** Without a byte for this long the other side is taken for gone. */
const SILENCE_MILLIS = 20_000;

const ELSEWHERE = "Download the clip and drop the file here instead.";

/**
 * The address that a text gives, against `base`.
 * @throws MediaError for what is no address and for what a page cannot fetch, with the way out.
 */
export function readAddress(text: string, base: string): URL {
  let url: URL;
  try {
    url = new URL(text.trim(), base);
  } catch (cause) {
    throw new MediaError(
      `“${shortened(text)}” is not an address`,
      "An address begins with https:// and names a video or photo.",
      { cause },
    );
  }
  if (url.protocol === "file:") {
    throw new MediaError(
      "A page may not read file: addresses by itself",
      "Drop the file here, or choose it with “Open clip”.",
    );
  }
  const isOwn = url.origin === new URL(base).origin;
  if (url.protocol === "https:" || url.protocol === "blob:" || url.protocol === "data:") return url;
  if (url.protocol === "http:" && isOwn) return url;
  throw new MediaError(
    `This page fetches https: addresses only, and this one is ${url.protocol}`,
    url.protocol === "http:"
      ? "That is this page's own rule, also for this machine. Serve the clip over https:, or drop the file here."
      : ELSEWHERE,
  );
}

/** The addresses in a dropped or pasted text: a list of them a line, comments left out. */
export function addressesIn(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => /^[a-z][a-z0-9+.-]*:\S+$/i.test(line));
}

/** Name of the file at the end of an address, also where its % signs mean themselves. */
export function nameInAddress({ pathname, host }: URL): string {
  const last = pathname.split("/").pop() || host || "clip";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/**
 * Fetches the file at an address; only sites that allow it (CORS) can be read. Progress counts bytes.
 * @throws MediaError for refusals, pages in place of clips, cut connections and silence; CancelledError.
 */
export async function fetchFile(url: URL, job: Job, silenceMillis = SILENCE_MILLIS): Promise<File> {
  const patience = new Patience(silenceMillis, job.signal);
  const host = url.host || "The address";
  const name = nameInAddress(url);
  let received = 0;
  let total = 0;
  try {
    const response = await fetch(url, { signal: patience.signal });
    patience.heard();
    const type = response.headers.get("content-type") ?? "";
    requireClip(response, host, type);
    // Of a packed answer the length counts packed bytes.
    const isPacked = response.headers.get("content-encoding") !== null;
    total = isPacked ? 0 : Number(response.headers.get("content-length") ?? 0);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const reader = response.body?.getReader();
    for (;;) {
      const part = await reader?.read();
      patience.heard();
      if (!part || part.done) break;
      parts.push(part.value);
      received += part.value.byteLength;
      job.onProgress?.({ stage: "fetch", done: received, total: Math.max(total, received) });
    }
    if (received < total) throw new TypeError("the answer is shorter than announced");
    return new File(parts, name, { type });
  } catch (cause) {
    if (cause instanceof MediaError) throw cause;
    throwIfCancelled(job);
    throw failure(host, received, total, patience.isOver, silenceMillis, cause);
  } finally {
    patience.end();
  }
}

function requireClip(response: Response, host: string, type: string): void {
  if (!response.ok) {
    throw new MediaError(
      `${host} answered ${response.status} ${response.statusText}`.trim(),
      "Check the address, or download the clip and drop the file here.",
    );
  }
  if (/^text\/html\b/i.test(type)) {
    throw new MediaError(
      `${host} answered with a web page, not with a clip`,
      "Give the address of the video file itself, or download the clip and drop the file here.",
    );
  }
}

function failure(
  host: string,
  received: number,
  total: number,
  isSilent: boolean,
  silenceMillis: number,
  cause: unknown,
): MediaError {
  const got =
    total > 0 ? `${formatBytes(received)} of ${formatBytes(total)}` : formatBytes(received);
  const again = "Try again; if it stays so, download the clip and drop the file here.";
  if (isSilent) {
    const secs = Math.round(silenceMillis / 1000);
    const after = received > 0 ? `, after ${got}` : "";
    return new MediaError(`${host} has sent nothing for ${secs} s${after}`, again, { cause });
  }
  if (received > 0) {
    return new MediaError(`The connection to ${host} broke after ${got}`, again, { cause });
  }
  if (globalThis.navigator?.onLine === false) {
    return new MediaError(`${host} cannot be reached: this machine is offline`, again, { cause });
  }
  return new MediaError(
    `${host} did not let this page read the clip, or cannot be reached`,
    ELSEWHERE,
    { cause },
  );
}

/** Ends what waits for the other side once it has been silent for too long, or the job is cancelled. */
class Patience {
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  isOver = false;

  constructor(
    private readonly millis: number,
    signal: AbortSignal | undefined,
  ) {
    if (signal?.aborted) this.#controller.abort();
    signal?.addEventListener("abort", () => this.#controller.abort(), {
      signal: this.#controller.signal,
    });
    this.heard();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.isOver = true;
      this.#controller.abort();
    }, this.millis);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

function shortened(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

import type { Studio, StudioState } from "../studio.ts";
import { RECORD_KEY, type Snapshot, snapshot } from "./saved.ts";
import type { SessionStorage } from "./storage.ts";

/** Changes that come in quick succession, as in a drag, are written once. */
const QUIET_MILLIS = 300;
/** Left free for what the browser itself and the next futures need. */
const SPARE_BYTES = 32e6;

/** Writes what changed of the session to the storage, a moment after it changed. */
export class SessionKeeper {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private writing: Promise<void> | null = null;
  private dirty = false;
  private stopped = false;
  private readonly refused = new Set<string>();
  private readonly stops: (() => void)[] = [];

  /** `written`: what the storage holds already. */
  constructor(
    private readonly studio: Studio,
    private readonly storage: SessionStorage,
    private readonly written: Map<string, unknown>,
  ) {}

  start(): void {
    this.studio.state.setKeeping("kept");
    this.stops.push(
      this.studio.store.subscribe((state, before) => {
        if (isWorthKeeping(state, before)) this.schedule();
      }),
      this.studio.playhead.subscribe(() => this.schedule()),
    );
  }

  /**
   * Hands the storage at once what is still waiting: the page may be going away, and nothing that is
   * waited for first would be there to go on.
   */
  flush(): void {
    if (this.stopped || (this.timer === undefined && !this.dirty)) return;
    if (!this.writing) void this.write();
    // What is being written now is older; files, which need room, follow it where the page stays.
    else void this.writeArrays(snapshot(this.studio)).catch(() => undefined);
  }

  /** Ends the keeping; resolves once nothing is being written any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    for (const stop of this.stops) stop();
    await this.writing;
  }

  private schedule(): void {
    if (this.studio.state.keeping === "kept") this.studio.state.setKeeping("writing");
    this.timer ??= setTimeout(() => void this.write(), QUIET_MILLIS);
  }

  private async write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.stopped) return;
    if (this.writing) {
      this.dirty = true;
      return;
    }
    this.writing = this.writeAll().finally(() => {
      this.writing = null;
      if (this.dirty) this.schedule();
      this.dirty = false;
    });
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    const now = snapshot(this.studio);
    try {
      await this.writeArrays(now);
      resolveQuotaNotice(this.studio, (of) => of === SESSION);
      await this.writeFiles(now);
      if (!this.stopped && !this.dirty && this.timer === undefined)
        this.studio.state.setKeeping("kept");
    } catch {
      // Told once; each later change tries again.
      if (this.studio.state.keeping !== "failed") tellNoRoom(this.studio);
      this.studio.state.setKeeping("failed");
    }
  }

  /** The record with all that it refers to, but for files, in one step. */
  private async writeArrays({ record, arrays, files }: Snapshot): Promise<void> {
    const put = new Map<string, unknown>([[RECORD_KEY, record]]);
    for (const [key, value] of arrays) if (this.written.get(key) !== value) put.set(key, value);
    const remove = [...this.written.keys()].filter(
      (key) => key !== RECORD_KEY && !arrays.has(key) && !files.has(key),
    );
    await this.storage.change(put, remove);
    for (const [key, value] of put) this.written.set(key, value);
    for (const key of remove) this.written.delete(key);
  }

  private async writeFiles({ files, record }: Snapshot): Promise<void> {
    const onStage = record.clips.find(
      ({ summary }) => summary.id === record.history.present.clipId,
    );
    resolveQuotaNotice(this.studio, (of) => of !== SESSION && of !== onStage?.fileKey);
    for (const [key, file] of files) {
      if (this.written.has(key) || this.refused.has(key)) continue;
      const wanted = key === onStage?.fileKey;
      if (wanted && !(await this.hasRoom(file))) await this.dropOtherFiles(key, files);
      const kept = (await this.hasRoom(file)) && (await this.putFile(key, file));
      if (kept) continue;
      this.refused.add(key);
      if (wanted) tellTooLarge(this.studio, key, onStage.summary.info.name, file.size);
    }
  }

  private async hasRoom(file: Blob): Promise<boolean> {
    return (await this.storage.room()) > file.size + SPARE_BYTES;
  }

  /** Files of earlier clips, which only undo would bring back. */
  private async dropOtherFiles(key: string, files: ReadonlyMap<string, Blob>): Promise<void> {
    const others = [...files.keys()].filter((other) => other !== key && this.written.has(other));
    await this.storage.change(new Map(), others);
    for (const other of others) {
      this.written.delete(other);
      this.refused.add(other);
    }
  }

  private async putFile(key: string, file: Blob): Promise<boolean> {
    try {
      await this.storage.change(new Map([[key, file]]), []);
      this.written.set(key, file);
      return true;
    } catch {
      // Over the quota, or the file has gone from where it was opened.
      return false;
    }
  }
}

function isWorthKeeping(state: StudioState, before: StudioState): boolean {
  return (
    state.history !== before.history ||
    state.clips !== before.clips ||
    state.working !== before.working ||
    state.view !== before.view ||
    state.loopStart !== before.loopStart ||
    state.loopEnd !== before.loopEnd ||
    state.unsaved !== before.unsaved ||
    state.truthRevision !== before.truthRevision
  );
}

/** What `of` a quota notice tells when it is not a clip's file. */
const SESSION = "session";

function tellTooLarge(studio: Studio, of: string, name: string, bytes: number): void {
  studio.state.setQuotaNotice({
    of,
    message: `${name} (${Math.ceil(bytes / 1e6)} MB) does not fit into the browser’s storage`,
    remedy:
      "Work on as usual. A reload brings back everything but its pictures: open the clip again then.",
  });
}

function tellNoRoom(studio: Studio): void {
  studio.state.setQuotaNotice({
    of: SESSION,
    message: "The browser’s storage is full: a reload would lose the latest changes",
    remedy: "Export what you want to keep, or free some disk space.",
  });
}

function resolveQuotaNotice(studio: Studio, isOver: (of: string) => boolean): void {
  const { quotaNotice, setQuotaNotice } = studio.state;
  if (quotaNotice && isOver(quotaNotice.of)) setQuotaNotice(null);
}

import { CancelledError, RuntimeLostError } from "../../domain/errors.ts";
import type { ImportClip } from "../../formats/import/common/inspect.ts";
import type {
  ImportChoices,
  ImportedTracks,
  TrackInspection,
} from "../../formats/import/common/types.ts";
import { WorkerChannel } from "../channel/client.ts";
import type { ThreadPort } from "../channel/protocol.ts";
import type { TracksFileOperations } from "./protocol.ts";

function startWorker(): ThreadPort {
  return new Worker(new URL("./tracks-file.worker.ts", import.meta.url), { type: "module" });
}

/**
 * A file of tracks, or several .npy that belong together, on a thread of its own, so that a large or
 * hostile one never stops the page. All methods reject with FormatError for what the file holds, and
 * with RuntimeLostError when the thread dies: the next call opens the file again on a new one.
 * `close` ends the thread; what is under way or comes later rejects with CancelledError.
 */
export class TracksFile {
  private readonly channel: WorkerChannel<TracksFileOperations>;
  private inspection: TrackInspection | undefined;
  private clip: ImportClip | undefined;

  constructor(
    private readonly files: readonly File[],
    startThread: () => ThreadPort = startWorker,
  ) {
    this.channel = new WorkerChannel({
      startThread,
      toLoss: (reason) =>
        new RuntimeLostError(
          `Reading ${this.name} stopped (${reason || "out of memory"})`,
          "Save fewer frames or points, then import again.",
        ),
      opening: {
        op: "open",
        request: () => this.openRequest(),
        onReply: (inspection) => {
          this.inspection = inspection;
        },
      },
    });
  }

  /** For the user: "tracks.npy", "tracks.npy and 1 more". */
  get name(): string {
    const more = this.files.length - 1;
    return more === 0 ? this.files[0].name : `${this.files[0].name} and ${more} more`;
  }

  get size(): number {
    return this.files.reduce((sum, file) => sum + file.size, 0);
  }

  /** Comes first, once. `clip` is what the tracks should belong to. */
  async open(clip: ImportClip): Promise<TrackInspection> {
    this.clip = clip;
    await this.channel.open();
    if (!this.inspection) throw new CancelledError();
    return this.inspection;
  }

  /** The proposal for another array of the file. */
  inspect(tracks: string): Promise<TrackInspection> {
    return this.channel.call("inspect", { request: () => ({ tracks }) });
  }

  read(choices: ImportChoices): Promise<ImportedTracks> {
    return this.channel.call("read", { request: () => ({ choices }) });
  }

  close(): void {
    this.channel.dispose();
  }

  private openRequest(): TracksFileOperations["open"]["request"] {
    if (!this.clip) throw new Error("open comes first");
    return { files: this.files.map((file) => ({ name: file.name, blob: file })), clip: this.clip };
  }
}

import type { Size } from "../../../domain/clip.ts";
import type { Tracks } from "../../../domain/tracks.ts";
import type { ForecastDocument } from "../../document/types.ts";
import type { ExportOption } from "./options.ts";
import type { PreparedTracks } from "./prepared.ts";
import type { ExportFile, ExportSegment } from "./types.ts";

/** One export, whole: what the dialog and the command say, ask and write of it. */
export interface ExportFormat {
  /** The command's `--format`. */
  readonly name: string;
  readonly label: string;
  /** One line: which tool reads it. */
  readonly description: string;
  readonly group: ExportGroup;
  /** With the dot. Formats of several files are a zip in the page and a folder on the command line. */
  readonly extension: `.${string}`;
  readonly mediaType: string;
  readonly severalFiles?: true;
  /** `each`: a file holds one future, several become folders of a zip; `together`: a file holds all. */
  readonly futures: "each" | "together";
  /** Which futures are written where none is named. Default: the first. */
  readonly defaultFutures?: "all";
  /** Ends the file's name in place of format and future. */
  readonly nameEnding?: string;
  /** True where the file keeps the camera's own motion, whatever the view shows. */
  readonly keepsCamera?: true;
  /** Written from the forecast in space (`document.space`), which has to be found first. */
  readonly needsSpace?: true;
  /** Tracks hidden in the first frame are left out: the consumer starts from them. */
  readonly startsVisible?: true;
  /** The rate at which the consumer plays its frames, where it is known. */
  readonly playbackFps?: number;
  /** What is written where no option says otherwise, and always where the option is not declared. */
  readonly defaults: ExportDefaults;
  /** What the user may choose, in the order of the dialog. */
  readonly options: readonly ExportOption[];
  /** What is special about this export of these tracks, in sentences. */
  notices?(job: ExportJob): readonly string[];
  /** Tracks as the consumer reads them, pixels of `prepared.size`. Default: as prepared. */
  asRead?(prepared: PreparedTracks): Tracks;
  /** The same as pictures that move, where the format is made of them: to be saved as a video. */
  moving?(job: ExportJob): MovingPicture;
  write(job: ExportJob): Written;
}

/** Pictures that a video is made of. */
export interface MovingPicture {
  readonly size: Size;
  readonly fps: number;
  readonly frameCount: number;
  /** Fills `into`, RGBA of `size`. */
  draw(frame: number, into: Uint8ClampedArray): void;
}

/** Heading of the dialog's list under which a format stands. */
export type ExportGroup =
  | "For video generators"
  | "For compositing and matchmoving"
  | "In space"
  | "Data";

export interface ExportDefaults {
  readonly segment: ExportSegment;
  /** Absent = as many as the segment has. */
  readonly frames?: number;
  /** Absent = the forecast's own. */
  readonly fps?: number;
  /** Absent = the working frame. */
  readonly size?: Size;
}

/** What a format writes from. */
export interface ExportJob {
  readonly document: ForecastDocument;
  /** The future (or other segment) to write. */
  readonly prepared: PreparedTracks;
  /** All that were chosen, for formats that hold several together. */
  readonly all: readonly PreparedTracks[];
  /** Value of a `choice` option of the format. */
  choice(id: string): string;
}

export interface Written {
  /** The one file, or the named files of a format of several. */
  readonly main: string | Uint8Array | readonly ExportFile[];
  readonly sidecars?: readonly Sidecar[];
}

/** A file beside the main one, named like it. */
export interface Sidecar {
  /** Such as `.meta.json`. */
  readonly ending: string;
  readonly label: string;
  readonly text: string;
}

/**
 * Which part of an MP4 or MOV track is shown. `endSecs` is on the presentation's clock, which runs
 * through a delay before the first picture too; "complex" = several parts, or another speed.
 */
export type ShownPart = { readonly endSecs: number } | "complex";

const ALL: ShownPart = { endSecs: Number.POSITIVE_INFINITY };

interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Largest `moov` that is read: an hour of video takes about 2 MB. */
const MOOV_LIMIT = 256 << 20;

/** What an MP4 or MOV tells of a track beyond what the demuxer does. */
export interface MovieTrack {
  readonly shown: ShownPart;
  /** Pictures that another track has for its chapters. */
  readonly isThumbnails: boolean;
}

export const WHOLE: MovieTrack = { shown: ALL, isThumbnails: false };

/** By track id. A track that is not named is shown whole. */
export async function readMovie(file: Blob): Promise<ReadonlyMap<number, MovieTrack>> {
  const found = new Map<number, MovieTrack>();
  const moov = await loadMoov(file);
  if (!moov) return found;
  const root = children(moov, 0, moov.byteLength);
  // Fragments carry no total duration, so an edit only shifts them.
  const isFragmented = root.some((box) => box.type === "mvex");
  const header = root.find((box) => box.type === "mvhd");
  const timescale = header && !isFragmented ? moovTimescale(moov, header) : 0;
  const tracks = root.filter((box) => box.type === "trak");
  const chapters = new Set(tracks.flatMap((track) => chapterTracks(moov, track)));
  for (const track of tracks) {
    const id = trackId(moov, track);
    const list = descend(moov, track, ["edts", "elst"]);
    const shown = list && timescale > 0 ? shownPart(moov, list, timescale) : ALL;
    found.set(id, { shown, isThumbnails: chapters.has(id) });
  }
  return found;
}

function trackId(view: DataView, track: Box): number {
  const header = descend(view, track, ["tkhd"]);
  if (!header) return 0;
  const long = view.getUint8(header.start) === 1;
  return view.getUint32(header.start + (long ? 20 : 12));
}

function chapterTracks(view: DataView, track: Box): number[] {
  const list = descend(view, track, ["tref", "chap"]);
  if (!list) return [];
  const count = (list.end - list.start) >> 2;
  return Array.from({ length: count }, (_, i) => view.getUint32(list.start + 4 * i));
}

async function loadMoov(file: Blob): Promise<DataView | null> {
  let at = 0;
  while (at + 8 <= file.size) {
    const head = new DataView(await file.slice(at, at + 16).arrayBuffer());
    if (head.byteLength < 8) return null;
    const large = head.getUint32(0) === 1 && head.byteLength === 16;
    const length = large ? Number(head.getBigUint64(8)) : head.getUint32(0) || file.size - at;
    const skip = large ? 16 : 8;
    if (length < skip) return null;
    if (boxType(head, 4) === "moov") {
      if (length > MOOV_LIMIT) return null;
      return new DataView(await file.slice(at + skip, at + length).arrayBuffer());
    }
    at += length;
  }
  return null;
}

function boxType(view: DataView, at: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, 4));
}

function children(view: DataView, start: number, end: number): Box[] {
  const boxes: Box[] = [];
  for (let at = start; at + 8 <= end; ) {
    const length = view.getUint32(at);
    if (length < 8 || at + length > end) break;
    boxes.push({ type: boxType(view, at + 4), start: at + 8, end: at + length });
    at += length;
  }
  return boxes;
}

function descend(view: DataView, box: Box, path: readonly string[]): Box | undefined {
  let found: Box | undefined = box;
  for (const type of path) {
    found = found && children(view, found.start, found.end).find((b) => b.type === type);
  }
  return found;
}

function moovTimescale(view: DataView, header: Box): number {
  const long = view.getUint8(header.start) === 1;
  return view.getUint32(header.start + (long ? 20 : 12));
}

function shownPart(view: DataView, list: Box, timescale: number): ShownPart {
  const long = view.getUint8(list.start) === 1;
  const count = view.getUint32(list.start + 4);
  const entrySize = long ? 20 : 12;
  let shown: ShownPart = ALL;
  let parts = 0;
  let delay = 0;
  for (let i = 0; i < count; i++) {
    const at = list.start + 8 + i * entrySize;
    if (at + entrySize > list.end) break;
    const duration = long ? Number(view.getBigUint64(at)) : view.getUint32(at);
    const mediaTime = long ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4);
    const rate = view.getInt32(at + entrySize - 4);
    if (mediaTime === -1) {
      if (parts === 0) delay += duration;
      continue;
    }
    parts++;
    if (parts > 1 || rate !== 0x10000) return "complex";
    if (duration > 0) shown = { endSecs: (delay + duration) / timescale };
  }
  return shown;
}

import type { Fit, Size } from "../clip.ts";
import { EDIT_KINDS, type Edit } from "../edits.ts";
import { clipPxFromVideoPx, fitPicture, videoPxFromClipPx } from "../fitting.ts";
import type { EditKind, EditMapping, EditScene } from "./kind.ts";
import { MAX_EDIT_FRAMES } from "./kind.ts";

/** What a list of edits is laid over, so that it can be laid over something else. */
export interface EditGround extends EditScene {
  /** Of the working frame, px. */
  readonly frame: Size;
  /** Working frames a second. */
  readonly fps: number;
  /** The clip's name, its picture's size on screen, and how that filled the working frame. */
  readonly clip: { readonly name: string; readonly displaySize: Size; readonly fit: Fit };
  /** Clip time of "now". */
  readonly nowSecs: number;
}

export interface MovedEdits {
  readonly edits: readonly Edit[];
  /** What changed on the way, in plain sentences. */
  readonly notes: readonly string[];
}

/** A point stands where another did when it is this near, in spacings of the grid. */
const NEAR_SPACINGS = 0.75;

/**
 * The edits of one clip laid over another. Places go from picture to picture where both are of one
 * clip in different crops, and from working frame to working frame otherwise; moments keep their
 * seconds after "now"; points become the nearest ones. What lies after the horizon is cut off; an edit
 * that has no moment or no point left is kept, switched off, and told.
 */
export function moveEdits(edits: readonly Edit[], from: EditGround, to: EditGround): MovedEdits {
  const mapping = mappingOf(from, to);
  const late: string[] = [];
  const pointless: string[] = [];
  const moved = edits.map((edit): Edit => {
    const frames: [number, number] = [mapping.frame(edit.frames[0]), mapping.frame(edit.frames[1])];
    const strength = edit.strength === "exact" ? edit.strength : scaled(edit.strength, mapping);
    const kind = EDIT_KINDS[edit.kind] as EditKind<Edit>;
    const last = to.frameCount - 1;
    const isLate = frames[0] > last;
    const whole = kind.mapped(
      { ...edit, strength, frames: isLate ? [last, last] : frames },
      mapping,
    );
    if (isLate) late.push(edit.name);
    if (!whole) pointless.push(edit.name);
    if (isLate || !whole) return { ...(whole ?? edit), on: false };
    return { ...whole, frames: [whole.frames[0], Math.min(whole.frames[1], last)] };
  });
  return { edits: moved, notes: notesOf(from, to, late, pointless) };
}

function mappingOf(from: EditGround, to: EditGround): EditMapping {
  const scale = { x: to.frame.width / from.frame.width, y: to.frame.height / from.frame.height };
  const [there, here] = [from, to].map(({ clip, frame }) =>
    fitPicture(clip.displaySize, frame, clip.fit),
  );
  const place: EditMapping["place"] = isOneClip(from, to)
    ? ([x, y]) => videoPxFromClipPx(here, ...clipPxFromVideoPx(there, x, y))
    : ([x, y]) => [(x + 0.5) * scale.x - 0.5, (y + 0.5) * scale.y - 0.5];
  const [ax, ay] = place([0, 0]);
  const [bx, by] = place([1, 1]);
  const size = Math.sqrt(Math.abs((bx - ax) * (by - ay)));
  const reach = NEAR_SPACINGS * spacing(to);
  const rate = to.fps / from.fps;
  return {
    from,
    to,
    rate,
    frame: (frame) => frameAt(frame, rate),
    place,
    length: (px) => px * size,
    point: (n) => nearest(n, from, to, place, reach),
  };
}

function isOneClip({ clip: a }: EditGround, { clip: b }: EditGround): boolean {
  const { width, height } = a.displaySize;
  return a.name === b.name && width === b.displaySize.width && height === b.displaySize.height;
}

/** Of points that cover the frame evenly, px. */
function spacing({ frame, startN2 }: EditGround): number {
  return Math.sqrt((frame.width * frame.height) / Math.max(1, startN2.length / 2));
}

function nearest(
  point: number,
  from: EditGround,
  { startN2 }: EditGround,
  place: EditMapping["place"],
  reach: number,
): number | null {
  if (2 * point >= from.startN2.length) return null;
  const [x, y] = place([from.startN2[2 * point], from.startN2[2 * point + 1]]);
  let found: number | null = null;
  let least = reach;
  for (let n = 0; n < startN2.length / 2; n++) {
    const distance = Math.hypot(startN2[2 * n] - x, startN2[2 * n + 1] - y);
    // Of two that are as near, the one of the same number, where grids are the same.
    if (distance < least || (distance === least && n === point)) [found, least] = [n, distance];
  }
  return found;
}

/** Seconds after "now" stay what they are; frame 0 is one frame after "now". */
function frameAt(frame: number, rate: number): number {
  return Math.min(MAX_EDIT_FRAMES - 1, Math.max(0, Math.round((frame + 1) * rate) - 1));
}

function scaled(px: number, mapping: EditMapping): number {
  return Math.min(1e4, Math.max(1e-6, mapping.length(px)));
}

function notesOf(
  from: EditGround,
  to: EditGround,
  late: readonly string[],
  pointless: readonly string[],
): string[] {
  const notes: string[] = [];
  if (from.clip.name !== to.clip.name) {
    notes.push(`The edits were made on ${from.clip.name}: their places in the frame are kept.`);
  } else if (from.clip.fit !== to.clip.fit) {
    notes.push("The edits were made in another crop: their places in the picture are kept.");
  }
  // At another rate no frame need be at the same moment: the nearest one is.
  const isLater = Math.abs(from.nowSecs - to.nowSecs) > 0.51 / to.fps;
  if (from.clip.name === to.clip.name && isLater) {
    notes.push(
      `They were made at ${from.nowSecs.toFixed(2)} s: they begin at “now”, ${to.nowSecs.toFixed(2)} s.`,
    );
  }
  if (Math.abs(from.fps - to.fps) > 1e-3) {
    notes.push(
      `They were made at ${rounded(from.fps)} frames a second: at ${rounded(to.fps)} their times in seconds are kept.`,
    );
  }
  const secs = to.frameCount / to.fps;
  if (late.length > 0) {
    notes.push(
      `${listed(late)} would begin after the ${secs.toFixed(1)} s that are forecast and ${late.length > 1 ? "are" : "is"} switched off.`,
    );
  }
  if (pointless.length > 0) {
    notes.push(
      `${listed(pointless)} ${pointless.length > 1 ? "have" : "has"} no point in this frame and ${pointless.length > 1 ? "are" : "is"} switched off.`,
    );
  }
  return notes;
}

const rounded = (fps: number) => String(Number(fps.toFixed(2)));

const MAX_NAMES = 3;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => `“${name}”`);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(" and ");
}

import type { FieldSpace } from "./field.ts";
import { endOfField, motionOfField } from "./field.ts";

/** Resultant of the movers' directions above which they go one way. */
const ONE_WAY = 0.6;
/** Of the path's own size: an end nearer to the start than this comes back. */
const COMES_BACK = 0.5;
/** Of the frame's half diagonal: movers wider apart than this are everywhere. */
const EVERYWHERE = 0.55;

/**
 * Where a field moves and which way, say "left part, upward". Points count by the square of how far
 * they go, so that a still background names nothing.
 */
export function nameField(space: FieldSpace, fieldCN: Float32Array): string {
  const { queryXyN2, width, height } = space;
  const motion = motionOfField(space, fieldCN);
  const end = endOfField(space, fieldCN);
  let [total, cx, cy] = [0, 0, 0];
  motion.forEach((px, n) => {
    total += px * px;
    cx += px * px * queryXyN2[2 * n];
    cy += px * px * queryXyN2[2 * n + 1];
  });
  if (!(total > 0)) return "nothing moves";
  [cx, cy] = [cx / total, cy / total];
  let [spread, x, y, outward, length] = [0, 0, 0, 0, 0];
  motion.forEach((px, n) => {
    const weight = (px * px) / total;
    const [dx, dy] = [end[2 * n], end[2 * n + 1]];
    const [fromX, fromY] = [queryXyN2[2 * n] - cx, queryXyN2[2 * n + 1] - cy];
    const away = Math.hypot(fromX, fromY);
    spread += weight * away * away;
    x += weight * dx;
    y += weight * dy;
    length += weight * Math.hypot(dx, dy);
    if (away > 0) outward += (weight * (dx * fromX + dy * fromY)) / away;
  });
  const typical = motion.reduce((sum, px) => sum + (px * px * px) / total, 0);
  const wide = Math.sqrt(spread) > (EVERYWHERE * Math.hypot(width, height)) / 2;
  const place = wide ? "whole picture" : placeWords(cx / width, cy / height);
  return `${place}, ${wayWords({ x, y, outward, length, typical })}`;
}

interface Way {
  readonly x: number;
  readonly y: number;
  /** Away from the movers' middle. */
  readonly outward: number;
  readonly length: number;
  /** Root mean square way over the frames. */
  readonly typical: number;
}

function wayWords({ x, y, outward, length, typical }: Way): string {
  if (length < COMES_BACK * typical) return "to and fro";
  if (Math.hypot(x, y) > ONE_WAY * length) return directionWords(x, y);
  if (Math.abs(outward) > ONE_WAY * length) return outward > 0 ? "apart" : "together";
  return "several ways";
}

const DIRECTIONS = [
  "to the right",
  "down and right",
  "downward",
  "down and left",
  "to the left",
  "up and left",
  "upward",
  "up and right",
];

/** `y` points down. */
export function directionWords(x: number, y: number): string {
  const eighth = Math.round(Math.atan2(y, x) / (Math.PI / 4));
  return DIRECTIONS[(eighth + 8) % 8];
}

/** `x`, `y`: 0..1 from the upper left corner. */
function placeWords(x: number, y: number): string {
  const column = ["left", "middle", "right"][Math.min(2, Math.floor(3 * x))];
  const row = ["upper", "middle", "lower"][Math.min(2, Math.floor(3 * y))];
  if (row === "middle") return column === "middle" ? "middle" : `${column} part`;
  return column === "middle" ? `${row} part` : `${row} ${column}`;
}

/** Names that several modes share get how far they go, then a count. */
export function distinctNames(names: readonly string[], motions: readonly number[]): string[] {
  const told = names.map((name, i) => {
    const rivals = names.flatMap((other, k) => (other === name && k !== i ? [motions[k]] : []));
    if (rivals.length === 0) return name;
    if (motions[i] > Math.max(...rivals)) return `${name}, far`;
    return motions[i] < Math.min(...rivals) ? `${name}, a little` : name;
  });
  return told.map((name, i) => {
    const earlier = told.slice(0, i).filter((other) => other === name).length;
    return earlier > 0 ? `${name} (${earlier + 1})` : name;
  });
}

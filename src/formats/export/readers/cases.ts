import type { Size } from "../../../domain/clip.ts";
import { FIXTURE } from "../../fixture.ts";
import type { ExportOptions } from "../common/types.ts";

/** What every format is written with: four lengths, three sizes, three rates, one point, past and both. */
export const FRAME_COUNTS = [49, 81, 97, 121] as const;
export const SIZES: readonly Size[] = [
  { width: 832, height: 480 },
  { width: 1280, height: 720 },
  { width: 480, height: 832 },
];
export const RATES = [12, 16, 24] as const;

/** Those with a story of their own, and some others. */
const SOME_POINTS: readonly number[] = [...Object.values(FIXTURE), 0, 25, 116, 220, 273, 389];

export interface ReaderCase {
  readonly name: string;
  readonly options: ExportOptions;
}

/** The cases of a format whose options are these: what it does not let be chosen is left out. */
export function readerCases(declared: readonly string[]): ReaderCase[] {
  const has = (kind: string) => declared.includes(kind);
  const cases: ReaderCase[] = [{ name: "as it is", options: {} }];
  const add = (name: string, options: ExportOptions) =>
    cases.push({ name, options: { points: SOME_POINTS, ...options } });
  for (const frames of FRAME_COUNTS) if (has("frames")) add(`${frames} frames`, { frames });
  for (const size of SIZES) if (has("size")) add(`${size.width}×${size.height}`, { size });
  for (const fps of RATES) if (has("fps")) add(`${fps} a second`, { fps });
  add("one point", { points: [FIXTURE.asymmetric] });
  if (has("segment")) {
    add("past", { segment: "past" });
    add("both", { segment: "both" });
  }
  if (has("frames") && has("size") && has("fps")) {
    add("all of it", { frames: 97, size: SIZES[1], fps: 24, segment: "both" });
  }
  return cases;
}

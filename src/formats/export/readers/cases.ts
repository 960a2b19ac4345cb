import { test } from "vitest";
import type { Size } from "../../../domain/clip.ts";
import { FIXTURE } from "../../fixture.ts";
import type { ExportOptions } from "../common/types.ts";
import { exportFormat } from "../registry.ts";

/** What every format is written with: four lengths, three sizes, three rates, one point, past and both. */
export const FRAME_COUNTS = [49, 81, 97, 121] as const;
export const SIZES: readonly Size[] = [
  { width: 832, height: 480 },
  { width: 1280, height: 720 },
  { width: 480, height: 832 },
];
export const RATES = [12, 16, 24] as const;

/** In the middle, where every size shows it. */
const ONE_POINT = 220;
/** Those with a story of their own, and some others. */
const SOME_POINTS = [...Object.values(FIXTURE), 0, 25, 389, ONE_POINT];

const SEGMENTS = ["future", "past", "both"] as const;

/**
 * Tests that read a format with every combination of what it lets be chosen: one as it is, and one a
 * length and choice of points, in which all sizes, rates and segments are read.
 */
export function readWithAll(
  format: string,
  what: string,
  check: (options: ExportOptions) => void,
  takes: (options: ExportOptions) => boolean = () => true,
): void {
  const declared = exportFormat(format).options.map(({ kind }) => kind);
  const of = <T>(kind: string, values: readonly T[]): readonly (T | undefined)[] =>
    declared.some((option) => option === kind) ? values : [undefined];
  test(`${format}, as it is: ${what}`, () => check({}));
  for (const points of [SOME_POINTS, [ONE_POINT]]) {
    for (const frames of of("frames", FRAME_COUNTS)) {
      const length = frames === undefined ? "its own length" : `${frames} frames`;
      test(`${format}, ${length}, ${points.length} points: ${what}`, () => {
        for (const size of of("size", SIZES)) {
          for (const fps of of("fps", RATES)) {
            for (const segment of of("segment", SEGMENTS)) {
              const options = { points, ...defined({ frames, size, fps, segment }) };
              if (takes(options)) inContext(options, check);
            }
          }
        }
      });
    }
  }
}

/** An option that is `undefined` would still count as given. */
function defined(
  options: {
    readonly [K in keyof ExportOptions]: ExportOptions[K] | undefined;
  },
): ExportOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function inContext(options: ExportOptions, check: (options: ExportOptions) => void): void {
  try {
    check(options);
  } catch (error) {
    throw new Error(`with ${JSON.stringify(options)}`, { cause: error });
  }
}

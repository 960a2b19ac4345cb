import { expect } from "vitest";
import type { Tracks } from "../../domain/tracks.ts";
import { importTracks, inspectTracks } from "./common/read.ts";
import type { ImportChoices } from "./common/types.ts";

/** Imports as proposed, but for `change`. For tests. */
export function importProposed(
  bytes: Uint8Array,
  name: string,
  change: Partial<ImportChoices> = {},
) {
  const inspection = inspectTracks(bytes, name);
  const imported = importTracks(bytes, name, { ...inspection.proposal, ...change });
  return { inspection, imported };
}

export function worstError(
  got: Tracks,
  want: Tracks,
  where: (i: number) => boolean = () => true,
): number {
  expect([got.frameCount, got.pointCount]).toEqual([want.frameCount, want.pointCount]);
  let worst = 0;
  for (let i = 0; i < got.visibilityTN.length; i++) {
    if (!where(i)) continue;
    worst = Math.max(
      worst,
      Math.abs(got.tracksTN2[2 * i] - want.tracksTN2[2 * i]),
      Math.abs(got.tracksTN2[2 * i + 1] - want.tracksTN2[2 * i + 1]),
    );
  }
  return worst;
}

export function sameFlags(a: Tracks, b: Tracks): boolean {
  return Buffer.compare(a.visibilityTN, b.visibilityTN) === 0;
}

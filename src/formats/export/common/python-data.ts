import { base64Lines } from "../../containers/base64.ts";
import { type NpzEntry, writeNpz } from "../../containers/npz.ts";
import { EDGE_SHIFT } from "./pixel-edge.ts";
import type { PreparedTracks } from "./prepared.ts";

/** What each future, or the segment, is called in a script. */
export function namesOf(all: readonly PreparedTracks[]): string[] {
  return all.map(({ segment, futureIndex }) =>
    futureIndex === null ? segment : `${segment}_${futureIndex + 1}`,
  );
}

/**
 * The tracks inside a Python script, as the lines of a base64 .npz: `tracks_K` [T,N,2] float32, edge
 * px, and `visible_K` [T,N] bool, one pair a future, after `more`.
 */
export function pythonData(
  all: readonly PreparedTracks[],
  visible: (prepared: PreparedTracks) => Uint8Array,
  more: readonly NpzEntry[] = [],
): string {
  const arrays = all.flatMap((prepared, k): NpzEntry[] => {
    const { frameCount: T, pointCount: N, tracksTN2 } = prepared.tracks;
    const values = tracksTN2.map((v) => v + EDGE_SHIFT);
    return [
      { name: `tracks_${k}`, shape: [T, N, 2], dtype: "float32", values },
      { name: `visible_${k}`, shape: [T, N], dtype: "bool", values: visible(prepared) },
    ];
  });
  return pythonBytes(writeNpz([...more, ...arrays]));
}

/** Bytes as the lines of a Python string in parentheses. */
export function pythonBytes(bytes: Uint8Array): string {
  return base64Lines(bytes, 96)
    .map((line) => `    "${line}"`)
    .join("\n");
}

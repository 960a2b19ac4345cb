/** A packet's timestamp, and whether its container calls it a key frame. */
export interface PacketMark {
  readonly secs: number;
  readonly isKey: boolean;
}

/**
 * Times of the key frames that decoding can begin at without what came before. `packets` are in decode
 * order. Of H.264 a container may call a picture a key frame that is none (an open group of pictures,
 * whose leading pictures look back beyond it): `VideoDecoder` refuses to begin there, and a reading that
 * tried would decode the group before once more.
 */
export function groupStartSecs(packets: readonly PacketMark[], codec: string | null): number[] {
  const starts: number[] = [];
  let earliestAfter = Number.POSITIVE_INFINITY;
  for (const { secs, isKey } of packets.toReversed()) {
    if (isKey && (codec !== "avc" || earliestAfter >= secs)) starts.push(secs);
    earliestAfter = Math.min(earliestAfter, secs);
  }
  return starts.reverse();
}

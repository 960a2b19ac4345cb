import { type ByteSource, viewOf } from "../bytes.ts";

/** IDs of the two elements that a Matroska or WebM file is made of (RFC 9559). */
const HEADER = 0x1a45dfa3;
const SEGMENT = 0x18538067;

/**
 * True where a Matroska or WebM file ends before its segment does: our demuxer leaves out the cluster
 * that is cut, seconds of the clip.
 */
export async function isCutMatroska(file: ByteSource): Promise<boolean> {
  const header = await element(file, 0);
  if (header?.id !== HEADER || header.end === undefined) return false;
  const segment = await element(file, header.end);
  return segment?.id === SEGMENT && (segment.end ?? 0) > file.size;
}

/** `end` is undefined where the element is as long as it turns out to be. */
async function element(
  file: ByteSource,
  at: number,
): Promise<{ readonly id: number; readonly end: number | undefined } | null> {
  const head = await file.read(at, 12);
  if (head.length < 12) return null;
  const view = viewOf(head);
  // Zeros in front tell how many bytes follow the first one.
  const more = Math.clz32(head[4]) - 24;
  if (more > 7) return null;
  let size = head[4] & (0x7f >> more);
  let isUnknown = size === 0x7f >> more;
  for (const byte of head.subarray(5, 5 + more)) {
    size = 256 * size + byte;
    isUnknown &&= byte === 0xff;
  }
  return { id: view.getUint32(0), end: isUnknown ? undefined : at + 5 + more + size };
}

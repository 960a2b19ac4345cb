/** Where the numbered frames of a table lie in time. */
export interface FrameAxis {
  readonly count: number;
  readonly placeOf: (frame: number) => number;
  /** What was taken for granted, in plain sentences. */
  readonly notes: readonly string[];
}

/**
 * Frames ascending from the lowest number, in steps of what all their distances are multiples of. A number
 * that no row has keeps its place: points are unknown there. Times that are no whole numbers, and numbers
 * that span more than `most` frames, only give the order.
 */
export function frameAxis(frames: Iterable<number>, most: number): FrameAxis {
  const ascending = [...new Set(frames)].sort((a, b) => a - b);
  const [first = 0] = ascending;
  const isWhole = ascending.every(Number.isSafeInteger);
  const step = (isWhole && ascending.reduce((d, frame) => commonDivisor(d, frame - first), 0)) || 1;
  const span = (ascending[ascending.length - 1] - first) / step + 1;
  const told =
    isWhole && first > 1
      ? [`Its first frame is number ${first}: the dialog says where it lies.`]
      : [];
  if (!isWhole || !(span <= most)) {
    const place = new Map(ascending.map((frame, i) => [frame, i]));
    return { count: ascending.length, placeOf: (frame) => place.get(frame) ?? 0, notes: told };
  }
  const every =
    step > 1 ? [`Rows name one frame in ${step} only; they are read one after the other.`] : [];
  const missing = span - ascending.length;
  const gaps = missing > 0 ? [`${missing} frames have no row: every point is hidden there.`] : [];
  return {
    count: span,
    placeOf: (frame) => (frame - first) / step,
    notes: [...told, ...every, ...gaps],
  };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

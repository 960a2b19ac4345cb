/** Undo history of one immutable value. Steps that share a merge key and follow closely are one. */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  readonly mergeKey: string | null;
  readonly atMillis: number;
}

const DEPTH = 100;
const MERGE_MILLIS = 800;

export function startHistory<T>(present: T): History<T> {
  return { past: [], present, future: [], mergeKey: null, atMillis: 0 };
}

/**
 * Makes `next` the present. With a merge key equal to the last step's, it replaces that step:
 * one drag is one undo. Keys that start with "run:" merge however long the run takes.
 */
export function commit<T>(
  history: History<T>,
  next: T,
  mergeKey: string | null,
  atMillis: number,
): History<T> {
  if (next === history.present) return history;
  const merges =
    mergeKey !== null &&
    mergeKey === history.mergeKey &&
    (mergeKey.startsWith("run:") || atMillis - history.atMillis < MERGE_MILLIS);
  return {
    past: merges ? history.past : [...history.past, history.present].slice(-DEPTH),
    present: next,
    future: [],
    mergeKey,
    atMillis,
  };
}

export function undo<T>(history: History<T>): History<T> {
  if (history.past.length === 0) return history;
  return {
    past: history.past.slice(0, -1),
    present: history.past[history.past.length - 1],
    future: [history.present, ...history.future],
    mergeKey: null,
    atMillis: 0,
  };
}

export function redo<T>(history: History<T>): History<T> {
  if (history.future.length === 0) return history;
  return {
    past: [...history.past, history.present],
    present: history.future[0],
    future: history.future.slice(1),
    mergeKey: null,
    atMillis: 0,
  };
}

/** Every value that undo or redo can still reach, the present included. */
export function reachable<T>(history: History<T>): readonly T[] {
  return [...history.past, history.present, ...history.future];
}

/** Forgets as many of the oldest steps as it takes until `fits` accepts what is left. */
export function dropOldest<T>(
  history: History<T>,
  fits: (values: readonly T[]) => boolean,
): History<T> {
  let { past } = history;
  while (past.length > 0 && !fits(reachable({ ...history, past }))) past = past.slice(1);
  return past === history.past ? history : { ...history, past };
}

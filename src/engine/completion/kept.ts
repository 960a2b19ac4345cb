import type { Size } from "../../domain/clip.ts";
import type { Tracks } from "../../domain/tracks.ts";

/**
 * `make`, whose last result for each history is kept for as long as the history is: while a pointer moves,
 * what is known of the past stays. Histories are never changed in place.
 */
export function keptByHistory<Rest extends readonly number[], Made>(
  make: (history: Tracks, size: Size, ...rest: Rest) => Made,
): (history: Tracks, size: Size, ...rest: Rest) => Made {
  const kept = new WeakMap<Tracks, { readonly key: string; readonly made: Made }>();
  return (history, size, ...rest) => {
    const key = [size.width, size.height, ...rest].join();
    const known = kept.get(history);
    if (known?.key === key) return known.made;
    const made = make(history, size, ...rest);
    kept.set(history, { key, made });
    return made;
  };
}

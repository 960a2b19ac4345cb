/** The frame under the playhead. It moves at frame rate, so it lives outside reactive state. */
export interface Playhead {
  get(): number;
  set(frame: number): void;
  subscribe(listener: (frame: number) => void): () => void;
}

export function createPlayhead(): Playhead {
  let current = 0;
  const listeners = new Set<(frame: number) => void>();
  return {
    get: () => current,
    set(frame) {
      if (frame === current) return;
      current = frame;
      for (const listener of listeners) listener(frame);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

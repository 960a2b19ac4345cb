/** Where a session is kept between visits: named values, changed all at once or not at all. */
export interface SessionStorage {
  /** Every value by its key. */
  load(): Promise<Map<string, unknown>>;
  /** Rejects when there is no room; then nothing of it is kept. */
  change(put: ReadonlyMap<string, unknown>, remove: readonly string[]): Promise<void>;
  /** Bytes that still fit, as far as the browser tells. */
  room(): Promise<number>;
  clear(): Promise<void>;
}

const DATABASE = "foretrack-session";
const STORE = "kept";

/** In the browser's own database. Rejects where there is none, as in some private windows. */
export async function openIndexedStorage(): Promise<SessionStorage> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await settled(opening);
  // Another tab may want to delete or renew it.
  database.onversionchange = () => database.close();
  return {
    async load() {
      const store = database.transaction(STORE).objectStore(STORE);
      const [keys, values] = await Promise.all([
        settled(store.getAllKeys()),
        settled(store.getAll() as IDBRequest<unknown[]>),
      ]);
      return new Map(keys.map((key, i) => [String(key), values[i]]));
    },
    change(put, remove) {
      const transaction = database.transaction(STORE, "readwrite");
      const done = completed(transaction);
      const store = transaction.objectStore(STORE);
      for (const key of remove) store.delete(key);
      for (const [key, value] of put) store.put(value, key);
      // Without it a page that is going away would wait for the requests' answers.
      transaction.commit();
      return done;
    },
    async room() {
      const { quota, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
      return quota === undefined ? Number.POSITIVE_INFINITY : quota - usage;
    },
    async clear() {
      const transaction = database.transaction(STORE, "readwrite");
      transaction.objectStore(STORE).clear();
      await completed(transaction);
    },
  };
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("not written"));
  });
}

/** Keeps nothing beyond this page: for tests. `bytes`: the room there is. */
export function memoryStorage(bytes = Number.POSITIVE_INFINITY): SessionStorage {
  const kept = new Map<string, unknown>();
  return {
    load: async () => new Map(kept),
    async change(put, remove) {
      for (const key of remove) kept.delete(key);
      for (const [key, value] of put)
        kept.set(key, value instanceof Blob ? value : structuredClone(value));
    },
    room: async () => bytes,
    clear: async () => kept.clear(),
  };
}

/** Under which key the session keeps each file: the same file, the same key. */
export class FileKeys {
  readonly #keys = new WeakMap<Blob, string>();
  #made = 0;

  of(file: Blob): string {
    const known = this.#keys.get(file);
    if (known) return known;
    const key = `file:${Date.now().toString(36)}-${++this.#made}`;
    this.#keys.set(file, key);
    return key;
  }

  /** A restored file goes on under the key that it was kept under. */
  remember(file: Blob, key: string): void {
    this.#keys.set(file, key);
  }
}

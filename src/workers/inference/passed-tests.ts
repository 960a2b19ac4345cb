const CACHE_NAME = "foretrack-self-tests";
/** A page that opens more packs than this tests the one again that passed longest ago. */
const MOST = 32;

/**
 * Packs that passed their self-test here, by identity, each with the runtime that it passed in: browser,
 * version and threads in words. Where all of that is the same, the numbers are. Nothing here ever fails:
 * a broken, full or forbidden cache costs a test.
 */
export class PassedTests {
  /** `caches` is absent where the platform has none. */
  constructor(
    private readonly caches: CacheStorage | undefined,
    private readonly runtime: string,
  ) {}

  async has(identity: string): Promise<boolean> {
    const passed = await this.quietly(async (cache) =>
      (await cache.match(keyOf(identity)))?.text(),
    );
    return passed === this.runtime;
  }

  async add(identity: string): Promise<void> {
    await this.quietly(async (cache) => {
      const key = keyOf(identity);
      for (const old of (await cache.keys()).slice(0, 1 - MOST)) await cache.delete(old);
      await cache.put(key, new Response(this.runtime));
    });
  }

  private async quietly<T>(use: (cache: Cache) => Promise<T>): Promise<T | null> {
    try {
      const cache = await this.caches?.open(CACHE_NAME);
      return cache ? await use(cache) : null;
    } catch {
      return null;
    }
  }
}

/** A cache knows addresses only; nobody asks for this one. */
function keyOf(identity: string): string {
  return `/self-tests/${identity}`;
}

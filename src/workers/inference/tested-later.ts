import type { Forecaster, FuturesExplorer } from "../../domain/ports.ts";

/** So long nobody has asked for anything: a past that is being tracked for a forecast is there by then. */
const IDLE_MILLIS = 1000;

/**
 * A forecaster that is given out before its pack is tested, so that a forecast which waits for it comes
 * first. The test runs once nobody asks for anything, at the latest after the futures of the first
 * forecast: none is ready before. Whatever the test rejects with, all that is asked then and later
 * rejects with too.
 */
export function testedLater(forecaster: Forecaster, test: () => Promise<void>): Forecaster {
  let begun: Promise<void> | null = null;
  const passed = () => {
    clearTimeout(idle);
    begun ??= test();
    return begun;
  };
  // Who asks next hears of a failure.
  const idle = setTimeout(() => passed().catch(() => undefined), IDLE_MILLIS);
  const { explorer } = forecaster;
  return {
    manifest: forecaster.manifest,
    backend: forecaster.backend,
    async forecast(request, onFuture, job) {
      clearTimeout(idle);
      await begun;
      await forecaster.forecast(request, onFuture, job);
      await passed();
    },
    ...(explorer && { explorer: exploringOnce(passed, explorer) }),
    dispose() {
      clearTimeout(idle);
      return forecaster.dispose();
    },
  };
}

function exploringOnce(passed: () => Promise<void>, explorer: FuturesExplorer): FuturesExplorer {
  return {
    explore: (...asked) => passed().then(() => explorer.explore(...asked)),
    fields: (...asked) => passed().then(() => explorer.fields(...asked)),
    cameras: (...asked) => passed().then(() => explorer.cameras(...asked)),
    rivals: (...asked) => passed().then(() => explorer.rivals(...asked)),
  };
}

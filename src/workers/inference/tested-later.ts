import type { Forecaster, FuturesExplorer } from "../../domain/ports.ts";

/** So long nobody has asked for anything: a past that is being tracked for a forecast is there by then. */
const IDLE_MILLIS = 1000;

/**
 * A forecaster that is given out before its pack is tested, so that forecasts which wait for it come first.
 * The test runs once nobody asks for anything; whatever it rejects with, all that is asked then and later
 * rejects with too. For packs whose files were checked as they came (sha256), in a runtime that has no drivers
 * to go wrong.
 */
export function testedLater(forecaster: Forecaster, test: () => Promise<void>): Forecaster {
  let begun: Promise<void> | null = null;
  let idle: ReturnType<typeof setTimeout> | undefined;
  const passed = () => {
    clearTimeout(idle);
    begun ??= test();
    return begun;
  };
  const testWhenIdle = () => {
    clearTimeout(idle);
    // Who asks next hears of a failure.
    if (!begun) idle = setTimeout(() => passed().catch(() => undefined), IDLE_MILLIS);
  };
  testWhenIdle();
  const { explorer } = forecaster;
  return {
    manifest: forecaster.manifest,
    backend: forecaster.backend,
    async forecast(request, onFuture, job) {
      clearTimeout(idle);
      await begun;
      try {
        await forecaster.forecast(request, onFuture, job);
      } finally {
        testWhenIdle();
      }
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

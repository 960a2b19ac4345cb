/** Later than the first forecast's own downloads, in most visits. */
const KEEP_AFTER_MILLIS = 10_000;
const RELOADED = "foretrack-reloaded-for-isolation";

/**
 * Starts the service worker of a build. Where the host sends no isolation headers, the page is
 * loaded once more through the worker, which adds them, unless `isInUse`.
 */
export async function registerServiceWorker(isInUse: () => boolean): Promise<void> {
  // Absent without https, and blocked in some private windows: the studio runs without it.
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(new URL("sw.js", document.baseURI));
    await navigator.serviceWorker.ready;
    await controlled();
  } catch {
    return;
  }
  if (!crossOriginIsolated && !isInUse() && !sessionStorage.getItem(RELOADED)) {
    // Browsers that isolate no page would reload for ever.
    sessionStorage.setItem(RELOADED, "1");
    location.reload();
    return;
  }
  if (savesData()) return;
  setTimeout(() => navigator.serviceWorker.controller?.postMessage("keep-all"), KEEP_AFTER_MILLIS);
}

function controlled(): Promise<void> {
  if (navigator.serviceWorker.controller) return Promise.resolve();
  return new Promise((done) => {
    navigator.serviceWorker.addEventListener("controllerchange", () => done(), { once: true });
  });
}

function savesData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

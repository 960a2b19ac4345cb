/** Later than the first forecast's own downloads, in most visits. */
const KEEP_AFTER_MILLIS = 10_000;
const RELOADED = "foretrack-reloaded-for-isolation";

/**
 * Starts the service worker of a build. Where the host sends no isolation headers, the page is
 * loaded once more through the worker, which adds them, unless `isInUse`; true where it is.
 */
export async function registerServiceWorker(isInUse: () => boolean): Promise<boolean> {
  // Absent without https, and blocked in some private windows: the studio runs without it.
  if (!("serviceWorker" in navigator)) return false;
  try {
    await navigator.serviceWorker.register(new URL("sw.js", document.baseURI));
    await navigator.serviceWorker.ready;
    await controlled();
  } catch {
    return false;
  }
  if (!crossOriginIsolated && !isInUse() && !sessionStorage.getItem(RELOADED)) {
    // Browsers that isolate no page would reload for ever.
    sessionStorage.setItem(RELOADED, "1");
    location.reload();
    return true;
  }
  if (!savesData()) {
    setTimeout(
      () => navigator.serviceWorker.controller?.postMessage("keep-all"),
      KEEP_AFTER_MILLIS,
    );
  }
  return false;
}

function controlled(): Promise<void> {
  if (navigator.serviceWorker.controller) return Promise.resolve();
  return new Promise((done) => {
    navigator.serviceWorker.addEventListener("controllerchange", () => done(), { once: true });
  });
}

/** Whether the user has asked the browser to fetch no more than needed. */
export function savesData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

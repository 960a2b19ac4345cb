import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { registerServiceWorker, savesData } from "./site/register.ts";
import { createStudio } from "./store/create-studio.ts";
import { startSession } from "./store/session/session.ts";
import { StudioContext, selectBusy, selectDocument } from "./store/studio.ts";
import { App } from "./ui/App.tsx";
import { ErrorBoundary } from "./ui/ErrorBoundary.tsx";
import { createPageRuntimes } from "./ui/pageRuntimes.ts";
import { readyWhenIdle } from "./ui/readyWhenIdle.ts";
import "./ui/tokens.css";

/** A storage that answers later than this is not waited for. */
const RESTORE_MILLIS = 1500;

const studio = createStudio(createPageRuntimes());
await Promise.race([
  startSession(studio),
  new Promise((resolve) => setTimeout(resolve, RESTORE_MILLIS)),
]);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <StudioContext value={studio}>
      <ErrorBoundary>
        <App />
      </ErrorBoundary>
    </StudioContext>
  </StrictMode>,
);

const isInUse = () => {
  const { clipId, origin } = selectDocument(studio.state);
  return clipId !== null || origin !== null || selectBusy(studio.state);
};
// A development server changes under the page: only a build is kept.
const reloads = import.meta.env.PROD ? registerServiceWorker(isInUse) : Promise.resolve(false);
if (!savesData()) {
  // What is begun on a page that is loaded once more would be begun in vain.
  void (crossOriginIsolated ? Promise.resolve(false) : reloads).then((isLeaving) => {
    if (!isLeaving) readyWhenIdle(studio);
  });
}

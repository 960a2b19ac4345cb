import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { registerServiceWorker } from "./site/register.ts";
import { createStudio } from "./store/create-studio.ts";
import { startSession } from "./store/session/session.ts";
import { StudioContext, selectBusy, selectDocument } from "./store/studio.ts";
import { App } from "./ui/App.tsx";
import { ErrorBoundary } from "./ui/ErrorBoundary.tsx";
import { createPageRuntimes } from "./ui/pageRuntimes.ts";
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

// A development server changes under the page: only a build is kept.
if (import.meta.env.PROD) {
  void registerServiceWorker(() => {
    const { state } = studio;
    const { clipId, origin } = selectDocument(state);
    return clipId !== null || origin !== null || selectBusy(state);
  });
}

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { registerServiceWorker } from "./site/register.ts";
import { installRuntimes } from "./store/runtimes.ts";
import { startSession } from "./store/session/session.ts";
import { selectBusy, selectDocument, studio } from "./store/studio.ts";
import { App } from "./ui/App.tsx";
import { ErrorBoundary } from "./ui/ErrorBoundary.tsx";
import { pageRuntimes } from "./ui/pageRuntimes.ts";
import "./ui/tokens.css";

/** A storage that answers later than this is not waited for. */
const RESTORE_MILLIS = 1500;

installRuntimes(pageRuntimes);
await Promise.race([startSession(), new Promise((resolve) => setTimeout(resolve, RESTORE_MILLIS))]);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ErrorBoundary>
      <App />
    </ErrorBoundary>
  </StrictMode>,
);

// A development server changes under the page: only a build is kept.
if (import.meta.env.PROD) {
  void registerServiceWorker(() => {
    const state = studio();
    const { clipId, origin } = selectDocument(state);
    return clipId !== null || origin !== null || selectBusy(state);
  });
}

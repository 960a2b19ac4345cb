import { lazy, Suspense, useEffect, useState } from "react";
import { selectDocument, selectIsOneFrame, useStudio } from "../store/studio.ts";
import styles from "./app.module.css";
import { ClipPanel } from "./clip/ClipPanel.tsx";
import { EditsPanel } from "./edits/EditsPanel.tsx";
import { FreshDialog } from "./FreshDialog.tsx";
import { ForecastPanel } from "./forecast/ForecastPanel.tsx";
import { FuturesPanel } from "./futures/FuturesPanel.tsx";
import { Header } from "./Header.tsx";
import { KeysDialog } from "./help/KeysDialog.tsx";
import { useFocusAfterClick } from "./help/useFocusAfterClick.ts";
import { useKeys } from "./help/useKeys.ts";
import { useOffer } from "./import/offer.ts";
import { ReliefPanel } from "./relief/ReliefPanel.tsx";
import { EmptyState } from "./stage/EmptyState.tsx";
import { QuestionDialog } from "./stage/QuestionDialog.tsx";
import { useIntake } from "./stage/useIntake.ts";
import { NoticeBar } from "./status/NoticeBar.tsx";
import { QuotaNoticeBar } from "./status/QuotaNoticeBar.tsx";
import { StatusBar } from "./status/StatusBar.tsx";
import { Transport } from "./transport/Transport.tsx";
import { usePlayback } from "./transport/usePlayback.ts";
import { useDecimalComma } from "./useDecimalComma.ts";
import { useUnloadGuard } from "./useUnloadGuard.ts";

// The stage brings three.js, which nobody needs before a clip is open.
const loadStage = () => import("./stage/ViewportHost.tsx");
// So do the overlays that the panel lists.
const ViewPanel = lazy(async () => ({
  default: (await import("./view/ViewPanel.tsx")).ViewPanel,
}));
const ExplorePanel = lazy(async () => ({
  default: (await import("./explore/ExplorePanel.tsx")).ExplorePanel,
}));
const ViewportHost = lazy(async () => ({ default: (await loadStage()).ViewportHost }));
const ImportDialog = lazy(async () => ({
  default: (await import("./import/ImportDialog.tsx")).ImportDialog,
}));
const loadExport = () => import("./export/ExportDialog.tsx");
const ExportDialog = lazy(async () => ({ default: (await loadExport()).ExportDialog }));
const ModelsDialog = lazy(async () => ({
  default: (await import("./models/ModelsDialog.tsx")).ModelsDialog,
}));

type OpenDialog = "export" | "models" | "keys" | "fresh" | null;

const EXPORT_MILLIS = 3000;

export function App() {
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const hasWork = useStudio(
    (s) => selectDocument(s).clipId !== null || selectDocument(s).origin !== null,
  );
  const oneFrame = useStudio((s) => selectIsOneFrame(s) && selectDocument(s).clipId !== null);
  const offer = useOffer((s) => s.offer);
  const dragging = useIntake();
  useFocusAfterClick();
  useKeys(() => setDialog("keys"));
  usePlayback();
  useUnloadGuard();
  useDecimalComma();
  useEffect(() => {
    // Fetched while the visitor looks for a clip. A failure shows when the stage is needed.
    const timer = setTimeout(() => loadStage().catch(() => undefined), 300);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (!hasWork) return;
    // What was made can be saved even if the connection is lost meanwhile; after what is waited for.
    const timer = setTimeout(() => loadExport().catch(() => undefined), EXPORT_MILLIS);
    return () => clearTimeout(timer);
  }, [hasWork]);
  return (
    <div className={styles.app} data-dragging={dragging}>
      <Header
        hasWork={hasWork}
        onExport={() => setDialog("export")}
        onKeys={() => setDialog("keys")}
        onModels={() => setDialog("models")}
        onFresh={() => setDialog("fresh")}
      />
      <main className={styles.main}>
        {hasWork ? (
          <Suspense>
            <ViewportHost />
          </Suspense>
        ) : (
          <EmptyState />
        )}
        <NoticeBar />
      </main>
      {hasWork && (
        <aside className={styles.side} aria-label="Settings">
          <ClipPanel />
          <ForecastPanel onModels={() => setDialog("models")} />
          {oneFrame && (
            <Suspense>
              <ExplorePanel />
            </Suspense>
          )}
          <FuturesPanel />
          <EditsPanel />
          <ReliefPanel />
          <Suspense>
            <ViewPanel />
          </Suspense>
        </aside>
      )}
      {hasWork && <Transport />}
      <QuotaNoticeBar />
      <StatusBar />
      {dragging && <div className={styles.drop}>Drop to open</div>}
      {dialog === "export" && (
        <Suspense>
          <ExportDialog onClose={() => setDialog(null)} />
        </Suspense>
      )}
      {dialog === "fresh" && <FreshDialog onClose={() => setDialog(null)} />}
      <QuestionDialog />
      {offer && (
        <Suspense>
          <ImportDialog offer={offer} />
        </Suspense>
      )}
      {dialog === "models" && (
        <Suspense>
          <ModelsDialog onClose={() => setDialog(null)} />
        </Suspense>
      )}
      {dialog === "keys" && <KeysDialog onClose={() => setDialog(null)} />}
    </div>
  );
}

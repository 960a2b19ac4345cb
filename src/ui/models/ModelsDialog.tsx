import { dropCandidate } from "../../store/actions/models.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import { Dialog } from "../controls/Dialog.tsx";
import { AddPack } from "./AddPack.tsx";
import { CandidateCard } from "./CandidateCard.tsx";
import { ModelList } from "./ModelList.tsx";
import styles from "./models.module.css";
import { ModelSettings } from "./SamplerFields.tsx";

/** Which model forecasts, what of it can be set, and how another one is loaded. */
export function ModelsDialog({ onClose }: { readonly onClose: () => void }) {
  const studio = useStudioObject();
  const candidate = useStudio((s) => s.candidate);
  const close = () => {
    // A load goes on behind the closed dialog; what was only looked at is dropped.
    if (candidate && !candidate.load) dropCandidate(studio);
    onClose();
  };
  return (
    <Dialog title="Model" onClose={close}>
      <div className={styles.body}>
        <ModelList />
        <ModelSettings />
        <section className={styles.part}>
          <h3>Load another model</h3>
          {candidate ? <CandidateCard candidate={candidate} /> : <AddPack />}
          <p className={styles.small}>
            <a href="trajloom.html" target="_blank" rel="noopener">
              How to run the published TrajLoom checkpoints here
            </a>
          </p>
        </section>
      </div>
    </Dialog>
  );
}

import { useEffect, useState } from "react";
import { POINT_COUNT } from "../../domain/grid.ts";
import { adoptTracks } from "../../store/actions/imports.ts";
import { selectDocument, selectGeometry, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";
import { formatBytes } from "../status/words.ts";
import { FoundTable } from "./FoundTable.tsx";
import styles from "./import.module.css";
import { closeOffer, type Offer } from "./offer.ts";
import { ReadingFields } from "./ReadingFields.tsx";
import { TimingFields } from "./TimingFields.tsx";
import { type Previewed, TracksPreview } from "./TracksPreview.tsx";
import { type ImportState, useImport } from "./useImport.ts";

/** Asks how a file of tracks is to be read, and shows what comes of it over the clip. */
export function ImportDialog({ offer }: { readonly offer: Offer }) {
  const studio = useStudioObject();
  const state = useImport(offer);
  useCloseWithClip(offer);
  const [previewed, setPreviewed] = useState<Previewed>("file");
  const { inspection, imported, mapping, timing } = state;
  const { name, size } = offer.tracksFile;
  const confirm = () => {
    if (!imported || !timing) return;
    const { nowIndex, fps, firstSecs } = timing;
    const { tracks, space } = imported;
    adoptTracks(studio, { tracks, space, fileName: name, fps, firstSecs, nowIndex });
    closeOffer();
  };
  return (
    <Dialog title="Import tracks" onClose={closeOffer}>
      <div className={styles.body}>
        <p className={styles.about}>
          <strong>{name}</strong>, {formatBytes(size)}: {inspection.looksLike},{" "}
          {inspection.container}. Check how it is read against the picture.
        </p>
        <div className={styles.columns}>
          <div className={styles.left}>
            <TracksPreview
              clip={offer.clip}
              imported={imported}
              mapping={mapping}
              timing={timing}
              previewed={previewed}
              setPreviewed={setPreviewed}
            />
            <FoundTable inspection={inspection} chosen={state.choices.tracks} />
          </div>
          <div className={styles.right}>
            <ReadingFields state={state} />
            <TimingFields state={state} clip={offer.clip} />
            <details className={styles.why}>
              <summary>Why it is proposed this way</summary>
              <ul>
                {state.reasons.map((reason) => (
                  <li key={reason}>{reason}</li>
                ))}
              </ul>
            </details>
          </div>
        </div>
        <div className={styles.foot}>
          <div>
            <Outcome state={state} />
            <p className={styles.problem} role="alert">
              {state.problem}
            </p>
          </div>
          <Button look="primary" disabled={!mapping} onClick={confirm}>
            Use these tracks
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** Undo and drops reach the page behind the dialog: tracks of a clip that has gone go with it. */
function useCloseWithClip({ clip }: Offer): void {
  const clipId = useStudio((s) => selectDocument(s).clipId);
  useEffect(() => {
    if (clipId !== clip.id) closeOffer();
  }, [clipId, clip]);
}

/** What a forecast would start from. */
function Outcome({ state: { imported, mapping } }: { readonly state: ImportState }) {
  const startsOnGrid = useStudio((s) => selectGeometry(s).referenceFrame === "first-history");
  if (!mapping) return null;
  const found = POINT_COUNT - mapping.holes;
  const where = startsOnGrid ? "in its first frame" : "at “now”";
  return (
    <ul className={styles.outcome}>
      <li>
        A past of {mapping.tracks.frameCount} {mapping.tracks.frameCount === 1 ? "frame" : "frames"}
        : {found} of {POINT_COUNT} grid points have a track within 48 px {where}
        {mapping.holes > 0 && `, ${mapping.holes} count as hidden`}.
      </li>
      {imported?.notices.map((notice) => (
        <li key={notice}>{notice}</li>
      ))}
    </ul>
  );
}

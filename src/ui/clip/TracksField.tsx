import { TRACK_ENDINGS } from "../../formats/import/common/sniff.ts";
import { dropImport } from "../../store/actions/imports.ts";
import {
  selectBusy,
  selectClip,
  selectDocument,
  useStudio,
  useStudioObject,
} from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { offerTracks } from "../import/offer.ts";
import styles from "./clip.module.css";

const INPUT_ID = "import-tracks";

/** Whose tracks the next forecast starts from. */
export function TracksField() {
  const studio = useStudioObject();
  const imported = useStudio((s) => selectDocument(s).imported);
  const hasClip = useStudio((s) => selectClip(s) !== null);
  const busy = useStudio(selectBusy);
  return (
    <div className={styles.tracks}>
      <p>
        Tracks: {imported ? <strong>imported from {imported.fileName}</strong> : "built-in tracker"}
      </p>
      {hasClip && (
        <span className={styles.row}>
          {imported && (
            <Button disabled={busy} onClick={() => dropImport(studio)}>
              Use the built-in tracker
            </Button>
          )}
          <input
            id={INPUT_ID}
            type="file"
            multiple
            aria-label="Import tracks"
            accept={TRACK_ENDINGS}
            className={`visually-hidden ${styles.importInput}`}
            disabled={busy}
            onChange={(event) => {
              const input = event.currentTarget;
              const files = [...(input.files ?? [])];
              if (files.length > 0) void offerTracks(studio, files, true);
              // The same file can be chosen again, say after it was changed on disk.
              input.value = "";
            }}
          />
          <label
            htmlFor={INPUT_ID}
            className={`${controls.button} ${controls.quiet}`}
            title="Tracks of CoTracker, TAPIR, AllTracker, SpatialTracker, TrajLoom, DeepLabCut, SLEAP, TrackMate, napari or Foretrack: npz, npy (several together), safetensors, JSON, CSV or MOT text"
          >
            Import…
          </label>
        </span>
      )}
    </div>
  );
}

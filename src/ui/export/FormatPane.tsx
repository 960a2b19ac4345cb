import { useMemo, useState } from "react";
import type { ForecastDocument } from "../../formats/document/types.ts";
import type { ExportFormat } from "../../formats/export/common/format.ts";
import { lacksSpace } from "../../formats/export/common/motion.ts";
import { exportForecast, movingPicture, previewExport } from "../../formats/export/common/run.ts";
import type { SidecarFile } from "../../formats/export/common/types.ts";
import type { Slot } from "../../store/document.ts";
import { useStudio } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import type { ExportChoice } from "./choice.ts";
import { optionsOf } from "./choice.ts";
import { explain } from "./explain.ts";
import styles from "./export.module.css";
import { FormatFields } from "./FormatFields.tsx";
import { FutureChoice } from "./FutureChoice.tsx";
import { SpaceNeeded } from "./SpaceNeeded.tsx";
import { clipStem, saveBytes } from "./save.ts";
import { TrackPreview } from "./TrackPreview.tsx";
import { VideoButton } from "./VideoButton.tsx";

interface Props {
  readonly format: ExportFormat;
  readonly source: ForecastDocument;
  readonly slots: readonly Slot[];
  readonly slotIds: readonly number[];
  readonly setSlotIds: (ids: number[]) => void;
  readonly choice: ExportChoice;
  readonly choose: (part: Partial<ExportChoice>) => void;
  /** Finer cells that the futures have, and the ones that `source` is of. */
  readonly factors: readonly number[];
  readonly finer: number;
  readonly failure: string | null;
  readonly cameraNote: string | null;
  readonly onSaved: () => void;
  readonly onFailure: (error: unknown) => void;
}

export function FormatPane(props: Props) {
  const { format, source, slots, slotIds, choice } = props;
  const futures = slots.flatMap((slot, k) => (slotIds.includes(slot.id) ? [k] : []));
  const selectedPoints = useStudio((s) => s.view.selectedPoints);
  const options = optionsOf(choice, format, futures, selectedPoints, props.finer);
  const segment = options.segment ?? format.defaults.segment;
  const optionsKey = JSON.stringify(options);
  // biome-ignore lint/correctness/useExhaustiveDependencies: equal options give an equal preview
  const preview = useMemo(() => {
    try {
      return { shown: previewExport(source, format.name, options), problem: null };
    } catch (error) {
      return { shown: null, problem: explain(error) };
    }
  }, [source, format, optionsKey]);
  const [sidecars, setSidecars] = useState<readonly SidecarFile[]>([]);
  const save = () => {
    try {
      const result = exportForecast(source, format.name, options);
      saveBytes(result.bytes, result.fileName, result.mediaType);
      setSidecars(result.sidecars);
      props.onSaved();
    } catch (error) {
      props.onFailure(error);
    }
  };
  return (
    <div className={styles.pane}>
      <p className={styles.about}>{format.description}</p>
      {lacksSpace(format, options, source) && <SpaceNeeded />}
      {(segment === "future" || segment === "both") && (
        <FutureChoice slots={slots} chosen={slotIds} onChange={props.setSlotIds} />
      )}
      <FormatFields
        format={format}
        hasTruth={source.forecast.truth !== undefined}
        clipSize={source.clip.displaySize}
        choice={choice}
        choose={props.choose}
        factors={props.factors}
        finer={props.finer}
      />
      {props.cameraNote && <p className={styles.note}>{props.cameraNote}</p>}
      {preview.shown && <TrackPreview preview={preview.shown} slots={slots} slotIds={slotIds} />}
      <div className={styles.foot}>
        <p className={styles.problem} role="alert">
          {props.failure ?? preview.problem}
        </p>
        {sidecars.map((file) => (
          <Button
            key={file.name}
            look="quiet"
            title="A file that goes beside the one you saved"
            onClick={() => saveBytes(file.bytes, file.name, "text/plain")}
          >
            {file.label}
          </Button>
        ))}
        {format.moving && (
          <VideoButton
            disabled={preview.problem !== null}
            moving={() => movingPicture(source, format.name, options)}
            name={`${clipStem({ clip: source.clip })}-${format.name}`}
            onSaved={props.onSaved}
            onFailure={props.onFailure}
          />
        )}
        <Button look="primary" disabled={preview.problem !== null} onClick={save}>
          {format.moving ? "Download PNG files" : "Download"}
        </Button>
      </div>
    </div>
  );
}

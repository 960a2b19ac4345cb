import { useMemo, useState } from "react";
import { asSaved } from "../../formats/document/document.ts";
import { wantsSpace } from "../../formats/export/common/motion.ts";
import type { Slot } from "../../store/document.ts";
import { visibleSlots } from "../../store/document.ts";
import { finerFactors, finerForecastOf } from "../../store/finer.ts";
import { forecastOf } from "../../store/forecastOf.ts";
import { selectDocument, useStudio, useStudioObject } from "../../store/studio.ts";
import { Dialog } from "../controls/Dialog.tsx";
import { ownChoices } from "./choice.ts";
import { explain } from "./explain.ts";
import styles from "./export.module.css";
import { FormatPane } from "./FormatPane.tsx";
import { PicturePane } from "./PicturePane.tsx";
import { TargetList } from "./TargetList.tsx";
import { formatOf, pictureOf } from "./targets.ts";
import { useExportChoice } from "./useExportChoice.ts";
import { useSpace } from "./useSpace.ts";

const CAMERA_NOTE =
  "The camera is held, as in the view: only the things move. Set it to “Sampled” to write its motion too.";

export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const studio = useStudioObject();
  const document = useStudio(selectDocument);
  const truthRevision = useStudio((s) => s.truthRevision);
  const cameraInView = useStudio((s) => s.view.camera);
  const [choice, choose] = useExportChoice();
  // Our own document, and what lies in space, keeps everything, whatever the view shows.
  const format = formatOf(choice.target);
  const ownDocument = format?.keepsCamera === true;
  const needsSpace =
    format !== null &&
    wantsSpace(format, { choices: Object.fromEntries(ownChoices(choice, format)) });
  // What is told apart is told of the whole motion.
  const camera = ownDocument || needsSpace ? "sampled" : cameraInView;
  const [slotIds, setSlotIds] = useState(() => visibleSlots(document).map((slot) => slot.id));
  const [failure, setFailure] = useState<string | null>(null);
  const sampled = document.slots.filter((slot: Slot) => slot.futureId !== null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the truth lives beside the store and has a revision
  const forecast = useMemo(() => {
    return forecastOf(studio, document, sampled, camera);
  }, [document, camera, truthRevision]);
  // Our own document opens again on the grid that the studio works on.
  const factors = forecast && !ownDocument ? finerFactors(studio, forecast.futures) : [];
  const finer = factors.includes(choice.finer) ? choice.finer : 1;
  const written = useMemo(
    () => forecast && asSaved(finer > 1 ? finerForecastOf(studio, forecast, finer) : forecast),
    [studio, forecast, finer],
  );
  const space = useSpace(needsSpace, sampled);
  const picture = pictureOf(choice.target);
  if (!written || !document.origin) return null;
  const fail = (error: unknown) => setFailure(explain(error));
  const saved = () => {
    setFailure(null);
    studio.state.markSaved();
  };
  return (
    <Dialog title="Save for another tool" onClose={onClose}>
      <div className={styles.body}>
        <TargetList
          value={choice.target}
          onChange={(target) => {
            setFailure(null);
            choose({ target });
          }}
        />
        {format && (
          <FormatPane
            key={format.name}
            format={format}
            source={{
              forecast: written,
              clip: document.origin.clip,
              ...(space ? { space } : {}),
            }}
            {...{ factors, finer }}
            slots={sampled}
            slotIds={slotIds}
            setSlotIds={setSlotIds}
            choice={choice}
            choose={choose}
            failure={failure}
            onSaved={saved}
            onFailure={fail}
            cameraNote={camera === "sampled" ? null : CAMERA_NOTE}
          />
        )}
        {picture && (
          <PicturePane
            picture={picture}
            clipSize={document.origin.clip.displaySize}
            choice={choice}
            choose={choose}
            failure={failure}
            onFailure={fail}
          />
        )}
      </div>
    </Dialog>
  );
}

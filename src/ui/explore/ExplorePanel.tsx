import { useEffect, useState } from "react";
import { exploreFutures, MORE_SAMPLES, selectExploration } from "../../store/actions/explore.ts";
import { keepRepresentatives } from "../../store/actions/representatives.ts";
import { selectBusy, selectDocument, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import { Panel } from "../controls/Panel.tsx";
import styles from "./explore.module.css";
import { FuturesMapField } from "./FuturesMapField.tsx";
import { JudgementField } from "./JudgementField.tsx";
import { KeptField } from "./KeptField.tsx";
import { LiveFields } from "./LiveFields.tsx";
import { ModeList } from "./ModeList.tsx";

/** What can happen in one picture: modes with shares, a map of the samples, and ways between them. */
export function ExplorePanel() {
  const studio = useStudioObject();
  const exploration = useStudio(selectExploration);
  const busy = useStudio(selectBusy);
  const picture = useNowPicture();
  const count = exploration?.seeds.length ?? 0;
  return (
    <Panel title="What can happen" aside={count > 0 ? `${count} samples` : undefined}>
      {!exploration && (
        <>
          <p className={styles.hint}>
            Draws hundreds of futures of this picture and groups what they do.
          </p>
          <Button disabled={busy} onClick={() => void exploreFutures(studio)}>
            Show what can happen
          </Button>
        </>
      )}
      {exploration && (
        <>
          <ModeList exploration={exploration} picture={picture} />
          {count < MORE_SAMPLES && (
            <Button
              look="quiet"
              disabled={busy}
              onClick={() => void exploreFutures(studio, MORE_SAMPLES)}
            >
              More samples
            </Button>
          )}
          <Button
            look="quiet"
            disabled={busy}
            title="As many futures as are asked for, chosen so that what happens is near one of them"
            onClick={() => void keepRepresentatives(studio, exploration)}
          >
            Keep those that stand for all
          </Button>
          <FuturesMapField exploration={exploration} />
          <KeptField latentSize={exploration.sight.latentSize} />
          <LiveFields exploration={exploration} picture={picture} />
          <JudgementField exploration={exploration} />
        </>
      )}
    </Panel>
  );
}

/** The picture at "now"; null until it is decoded. */
function useNowPicture(): CanvasImageSource | null {
  const studio = useStudioObject();
  const clipId = useStudio((s) => selectDocument(s).clipId);
  const nowIndex = useStudio((s) => selectDocument(s).nowIndex);
  const [picture, setPicture] = useState<CanvasImageSource | null>(null);
  useEffect(() => {
    let current = true;
    setPicture(null);
    const load = async () => {
      const own = (await studio.frames.of(clipId)?.bitmap(nowIndex)) ?? null;
      if (current) setPicture(own);
    };
    load().catch(() => undefined);
    return () => {
      current = false;
    };
  }, [studio, clipId, nowIndex]);
  return picture;
}

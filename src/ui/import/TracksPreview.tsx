import { useEffect, useRef, useState } from "react";
import { WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import type { GridMapping } from "../../formats/import/common/map-to-grid.ts";
import type { ImportedTracks } from "../../formats/import/common/types.ts";
import { secsOf } from "../../store/actions/imports.ts";
import type { ClipSummary } from "../../store/slices/clipSlice.ts";
import { useStudioObject } from "../../store/studio.ts";
import controls from "../controls/controls.module.css";
import { Segmented } from "../controls/Segmented.tsx";
import { canvasOf } from "../stage/canvasOf.ts";
import { drawTracks, type TracksAt } from "./drawTracks.ts";
import styles from "./import.module.css";
import type { Timing } from "./timing.ts";

export type Previewed = "file" | "grid";

interface Props {
  readonly clip: ClipSummary;
  readonly imported: ImportedTracks | null;
  readonly mapping: GridMapping | null;
  readonly timing: Timing | null;
  readonly previewed: Previewed;
  readonly setPreviewed: (previewed: Previewed) => void;
}

/** The tracks over the clip's own frame, as they are read now. */
export function TracksPreview(props: Props) {
  const studio = useStudioObject();
  const { clip, timing, previewed } = props;
  const ref = useRef<HTMLCanvasElement>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const frame = Math.min(chosen ?? timing?.nowIndex ?? 0, clip.info.frameCount - 1);
  const at = tracksAt(props, frame);
  const label = `Frame ${frame + 1} of ${clip.info.frameCount}`;
  useEffect(() => {
    const frames = studio.frames.of(clip.id);
    const draw = () => {
      const context = ref.current?.getContext("2d");
      const picture = frames?.peek(frame);
      if (context) drawTracks(context, picture ? canvasOf(picture) : null, at);
    };
    draw();
    return frames?.onFrame((index) => index === frame && draw());
  });
  useEffect(() => {
    // Asked for by itself: the stage’s own request, which shows another frame, must not displace it.
    studio.frames
      .of(clip.id)
      ?.load(frame)
      .catch(() => undefined);
  }, [studio, clip.id, frame]);
  return (
    <div className={styles.preview}>
      <canvas
        ref={ref}
        width={WORKING_WIDTH}
        height={WORKING_HEIGHT}
        role="img"
        aria-label={`Imported tracks over the clip, ${label.toLowerCase()}`}
      />
      <div className={styles.scrub}>
        <input
          type="range"
          className={controls.range}
          aria-label="Preview frame"
          aria-valuetext={label.toLowerCase()}
          min={1}
          max={clip.info.frameCount}
          value={frame + 1}
          onChange={(event) => setChosen(Number(event.currentTarget.value) - 1)}
        />
        <span>{at ? label : `${label}, outside the tracks`}</span>
        <Segmented<Previewed>
          legend="Tracks in the preview"
          value={previewed}
          options={[
            { value: "file", label: "As in the file" },
            {
              value: "grid",
              label: "On the grid",
              title:
                "What a forecast starts from: the grid’s points, moved as the tracks around them",
            },
          ]}
          onChange={props.setPreviewed}
        />
      </div>
    </div>
  );
}

function tracksAt(props: Props, frame: number): TracksAt | null {
  const { clip, imported, mapping, timing, previewed } = props;
  if (!timing) return null;
  if (previewed === "grid") {
    if (!mapping) return null;
    const { tracks } = mapping;
    return within({ tracks, frame: frame - timing.nowIndex + tracks.frameCount - 1 });
  }
  if (!imported) return null;
  const index = Math.round((secsOf(clip, frame) - timing.firstSecs) * timing.fps);
  return within({ tracks: imported.tracks, frame: index });
}

function within(at: TracksAt): TracksAt | null {
  return at.frame >= 0 && at.frame < at.tracks.frameCount ? at : null;
}

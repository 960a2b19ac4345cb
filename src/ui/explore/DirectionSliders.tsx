import { useEffect, useState } from "react";
import type { Exploration } from "../../domain/exploration.ts";
import { showChanged } from "../../store/actions/live-future.ts";
import type { LatentBase } from "../../store/slices/explorationSlice.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import controls from "../controls/controls.module.css";
import type { FutureLines } from "./drawFutures.ts";
import styles from "./explore.module.css";
import { FuturesCanvas } from "./FuturesCanvas.tsx";
import { NO_SLIDERS, REACH, type Slider, slidersOf } from "./sliders.ts";

const FRONT = { yaw: 0, pitch: 0 };

interface Props {
  readonly exploration: Exploration;
  readonly base: LatentBase;
  readonly picture: CanvasImageSource | null;
}

/** What changes the future most from here, one slider each; its ends are drawn faintly. */
export function DirectionSliders({ exploration, base, picture }: Props) {
  const studio = useStudioObject();
  const { sight } = exploration;
  const held = useStudio((s) => s.heldParts);
  const live = useStudio((s) => s.live);
  const [sliders, setSliders] = useState(NO_SLIDERS);
  const [values, setValues] = useState<readonly number[]>([]);
  const [pointed, setPointed] = useState(0);
  useEffect(() => {
    let current = true;
    slidersOf(studio, sight, base, held).then(
      (made) => {
        if (!current) return;
        setSliders(made);
        setValues(made.list.map(({ start }) => start));
        setPointed(0);
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [studio, sight, base, held]);
  const move = (index: number, value: number) => {
    const next = values.map((own, i) => (i === index ? value : own));
    setValues(next);
    setPointed(index);
    void showChanged(studio, base, sliders.latentAt(next));
  };
  const shown = live ? studio.bulk.live.get(live.id) : undefined;
  const strong = shown
    ? { ...futureLinesLike(sliders.list[pointed]), positionsTN2: shown.tracks.tracksTN2 }
    : null;
  return (
    <>
      <FuturesCanvas
        label="The future that is tried out, and faintly the ends of the slider"
        className={styles.ghosts}
        width={272}
        view={FRONT}
        faint={sliders.list[pointed]?.ghosts ?? []}
        {...{ sight, picture, strong }}
      />
      {sliders.list.map(({ name, start }, index) => (
        <label className={controls.field} key={name + String(index)}>
          <span className={controls.label}>{name}</span>
          <input
            type="range"
            className={controls.range}
            aria-label={name}
            min={Math.min(-REACH, start)}
            max={Math.max(REACH, start)}
            step={0.05}
            value={values[index] ?? start}
            onFocus={() => setPointed(index)}
            onChange={(event) => move(index, Number(event.currentTarget.value))}
          />
        </label>
      ))}
    </>
  );
}

/** The points of the ghosts, so that the future in between is drawn by the same ones. */
function futureLinesLike(slider: Slider | undefined): Omit<FutureLines, "positionsTN2"> {
  const [first] = slider?.ghosts ?? [];
  return first ?? { points: [], frameCount: 0, pointCount: 0 };
}

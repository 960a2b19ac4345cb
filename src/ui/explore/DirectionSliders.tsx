import { useEffect, useState } from "react";
import type { Exploration } from "../../domain/exploration.ts";
import type { PictureSight } from "../../domain/latent.ts";
import {
  differenceLatents,
  type LatentDirection,
  leadingDirections,
} from "../../engine/exploration/directions.ts";
import { fieldsOf, showChanged } from "../../store/actions/live-future.ts";
import type { LatentBase } from "../../store/slices/explorationSlice.ts";
import { type Studio, useStudio, useStudioObject } from "../../store/studio.ts";
import controls from "../controls/controls.module.css";
import { type FutureLines, futureLines } from "./drawFutures.ts";
import styles from "./explore.module.css";
import { FuturesCanvas } from "./FuturesCanvas.tsx";

const COUNT = 3;
/** Standard deviations that a slider goes either way. */
const REACH = 2;
const FRONT = { yaw: 0, pitch: 0 };

interface Props {
  readonly exploration: Exploration;
  readonly base: LatentBase;
  readonly picture: CanvasImageSource | null;
}

interface Slider extends LatentDirection {
  /** The base at either end of the slider. */
  readonly ghosts: readonly FutureLines[];
}

/** What changes the future most from here, one slider each; its ends are drawn faintly. */
export function DirectionSliders({ exploration, base, picture }: Props) {
  const studio = useStudioObject();
  const { sight } = exploration;
  const held = useStudio((s) => s.heldParts);
  const live = useStudio((s) => s.live);
  const [sliders, setSliders] = useState<readonly Slider[]>([]);
  const [values, setValues] = useState<readonly number[]>([]);
  const [pointed, setPointed] = useState(0);
  useEffect(() => {
    let current = true;
    slidersOf(studio, sight, base, held).then(
      (made) => {
        if (!current) return;
        setSliders(made);
        setValues(made.map(() => 0));
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
    const changes = sliders.map(({ stepL }, i) => ({ stepL, sigmas: next[i] }));
    void showChanged(studio, base, changes);
  };
  const shown = live ? studio.bulk.live.get(live.id) : undefined;
  const strong = shown
    ? { ...futureLinesLike(sliders[pointed]), positionsTN2: shown.tracks.tracksTN2 }
    : null;
  return (
    <>
      <FuturesCanvas
        label="The future that is tried out, and faintly the ends of the slider"
        className={styles.ghosts}
        width={272}
        view={FRONT}
        faint={sliders[pointed]?.ghosts ?? []}
        {...{ sight, picture, strong }}
      />
      {sliders.map(({ name }, index) => (
        <label className={controls.field} key={name + String(index)}>
          <span className={controls.label}>{name}</span>
          <input
            type="range"
            className={controls.range}
            aria-label={name}
            min={-REACH}
            max={REACH}
            step={0.05}
            value={values[index] ?? 0}
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

async function slidersOf(
  studio: Studio,
  sight: PictureSight,
  { z }: LatentBase,
  held: readonly string[],
): Promise<Slider[]> {
  const size = z.length;
  const steps = differenceLatents(z);
  const asked = Array.from({ length: 2 * size }, (_, i) =>
    steps.subarray(i * size, (i + 1) * size),
  );
  const isHeld = (index: number) =>
    sight.parts.some(
      ({ name, from, length }) => held.includes(name) && index >= from && index < from + length,
    );
  const found = leadingDirections(sight, await fieldsOf(studio, sight, asked), COUNT, isHeld);
  const ends = found.flatMap(({ stepL }) =>
    [-REACH, REACH].map((sigmas) => stepL.map((v, i) => z[i] + sigmas * v)),
  );
  const fields = ends.length > 0 ? await fieldsOf(studio, sight, ends) : [];
  return found.map((direction, k) => {
    const ghosts = fields.slice(2 * k, 2 * k + 2).map((field) => futureLines(sight, field));
    return { ...direction, ghosts };
  });
}

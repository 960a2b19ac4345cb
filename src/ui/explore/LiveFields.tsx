import type { Exploration } from "../../domain/exploration.ts";
import { dropLive, keepLive, prefer, showVariation } from "../../store/actions/live-future.ts";
import { selectBusy, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { Check } from "../controls/Panel.tsx";
import { BetweenField } from "./BetweenField.tsx";
import { DirectionSliders } from "./DirectionSliders.tsx";
import styles from "./explore.module.css";

interface Props {
  readonly exploration: Exploration;
  readonly picture: CanvasImageSource | null;
}

/** What can be done with the future that is tried out. */
export function LiveFields({ exploration, picture }: Props) {
  const studio = useStudioObject();
  const live = useStudio((s) => s.live);
  const base = useStudio((s) => s.base);
  const busy = useStudio(selectBusy);
  if (!live || !base) {
    return <p className={styles.hint}>Open a mode or touch the map to try a future out.</p>;
  }
  return (
    <section className={styles.live} aria-label="Tried out">
      <p className={styles.liveWords}>Tried out: {live.words}</p>
      <div className={styles.buttons}>
        <Button look="primary" disabled={busy} onClick={() => void keepLive(studio)}>
          Keep it
        </Button>
        <Button onClick={() => dropLive(studio)}>Put away</Button>
      </div>
      <DirectionSliders {...{ exploration, base, picture }} />
      <StrengthField />
      <div className={styles.buttons}>
        <Button onClick={() => void showVariation(studio, exploration, base)}>Vary</Button>
        <Button onClick={() => void prefer(studio, exploration, "liked")}>More like this</Button>
        <Button onClick={() => void prefer(studio, exploration, "disliked")}>Less like this</Button>
      </div>
      <HeldParts exploration={exploration} />
      <BetweenField base={base} />
    </section>
  );
}

function StrengthField() {
  const studio = useStudioObject();
  const strength = useStudio((s) => s.strength);
  return (
    <label className={controls.field}>
      <span className={controls.label}>Variation</span>
      <input
        type="range"
        className={controls.range}
        aria-label="Strength of a variation"
        title="0.1 is close, 0.3 a sibling, 1 a new draw"
        min={0.05}
        max={1}
        step={0.05}
        value={strength}
        onChange={(event) =>
          studio.state.setExploration({ strength: Number(event.currentTarget.value) })
        }
      />
    </label>
  );
}

/** Parts of the latent that variations and sliders leave alone. */
function HeldParts({ exploration }: Pick<Props, "exploration">) {
  const studio = useStudioObject();
  const held = useStudio((s) => s.heldParts);
  return (
    <div className={styles.held}>
      {exploration.sight.parts.map(({ name, rests }) => (
        <Check
          key={name}
          label={`Hold ${name}`}
          {...(rests
            ? { title: `Let go, the ${name} of new futures and variations moves too` }
            : {})}
          checked={held.includes(name)}
          onChange={(checked) => {
            const others = held.filter((other) => other !== name);
            studio.state.setExploration({ heldParts: checked ? [...others, name] : others });
          }}
        />
      ))}
    </div>
  );
}

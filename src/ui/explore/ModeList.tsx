import { useEffect, useState } from "react";
import type { Exploration, Mode, Share } from "../../domain/exploration.ts";
import { fieldsOf, keepLive, openMode } from "../../store/actions/live-future.ts";
import { selectBusy, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import { type FutureLines, futureLines, type VolumeView } from "./drawFutures.ts";
import styles from "./explore.module.css";
import { FuturesCanvas } from "./FuturesCanvas.tsx";
import { intervalWords, shareWords } from "./shareWords.ts";

const VOLUME: VolumeView = { yaw: -0.6, pitch: 0.35 };
/** Members of an opened mode that are drawn. */
const MEMBERS = 24;
const WIDTH = 112;
const OPEN_WIDTH = 270;

interface Props {
  readonly exploration: Exploration;
  readonly picture: CanvasImageSource | null;
}

/** The modes in one space-time view, in the order of their shares, then "still" and "other". */
export function ModeList({ exploration, picture }: Props) {
  const { modes } = exploration;
  const [flat, setFlat] = useState(false);
  const view = flat ? { yaw: 0, pitch: 0 } : VOLUME;
  return (
    <>
      {modes.isFan && (
        <p className={styles.hint}>
          These go over into each other without a gap: the groups only cut them. The map shows them
          as they are.
        </p>
      )}
      <ul aria-label="Modes" className={styles.modes}>
        {modes.groups.map((mode) => (
          <ModeRow key={mode.number} {...{ mode, exploration, picture, view }} />
        ))}
      </ul>
      <RestRow name="still" share={modes.still} />
      <RestRow name="other" share={modes.other} />
      <p className={styles.hint}>
        {modes.still.isTested
          ? "Shares go by how often the like happened in clips that the model had not seen."
          : "Shares are of the model’s futures, not of the world’s."}
      </p>
      <Button look="quiet" aria-pressed={flat} onClick={() => setFlat(!flat)}>
        From the front
      </Button>
    </>
  );
}

interface RowProps extends Props {
  readonly mode: Mode;
  readonly view: VolumeView;
}

function ModeRow({ mode, exploration, picture, view }: RowProps) {
  const studio = useStudioObject();
  const busy = useStudio(selectBusy);
  const open = useStudio((s) => s.openMode === mode.number);
  const members = useMembers(exploration, open ? mode.number : null);
  const { sight } = exploration;
  const strong = futureLines(sight, mode.fieldCN);
  return (
    <li className={styles.mode} data-open={open}>
      <button
        type="button"
        className={styles.modeButton}
        aria-expanded={open}
        onClick={() => openMode(studio, exploration, open ? null : mode)}
      >
        <FuturesCanvas
          label={`Mode ${mode.number}: ${mode.name}`}
          width={open ? OPEN_WIDTH : WIDTH}
          faint={members}
          {...{ sight, picture, view, strong }}
        />
        <span className={styles.words}>
          <strong>
            {mode.number}. {mode.name}
          </strong>
          <ShareLine share={mode.share} />
        </span>
      </button>
      {open && (
        <Button disabled={busy} onClick={() => void keepLive(studio)}>
          Keep this future
        </Button>
      )}
    </li>
  );
}

/** Lines of some samples of a mode, once it is open. */
function useMembers({ modes, sight, latentsKL, seeds }: Exploration, number: number | null) {
  const studio = useStudioObject();
  const [members, setMembers] = useState<readonly FutureLines[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: they change with the exploration's modes
  useEffect(() => {
    let current = true;
    setMembers([]);
    if (number === null) return;
    const own = [...seeds.keys()].filter((k) => modes.labelsK[k] === number).slice(0, MEMBERS);
    const size = sight.latentSize;
    const latents = own.map((k) => latentsKL.subarray(k * size, (k + 1) * size));
    fieldsOf(studio, sight, latents).then(
      (fields) => current && setMembers(fields.map((field) => futureLines(sight, field))),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [studio, modes, number]);
  return members;
}

function RestRow({ name, share }: { readonly name: string; readonly share: Share }) {
  const words = name === "still" ? "Nothing moves" : "Something else";
  return (
    <p className={styles.rest}>
      <span>{words}</span>
      <ShareLine share={share} />
    </p>
  );
}

const DOTS = 10;

function ShareLine({ share }: { readonly share: Share }) {
  const full = Math.round(DOTS * share.share);
  return (
    <span className={styles.share} title={intervalWords(share)}>
      <span className={styles.dots} aria-hidden="true">
        {Array.from({ length: DOTS }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: dots have no identity
          <i key={i} data-full={i < full} />
        ))}
      </span>
      {shareWords(share)}
    </span>
  );
}

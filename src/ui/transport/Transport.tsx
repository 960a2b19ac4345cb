import { type ComponentProps, useEffect, useRef } from "react";
import { jumpToNow, seek, shuttle, step, togglePlay } from "../../store/actions/transport.ts";
import { playhead } from "../../store/playhead.ts";
import { selectFps, selectTimelineFrames, studio, useStudio } from "../../store/studio.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { Timeline } from "./Timeline.tsx";
import styles from "./transport.module.css";

export function Transport() {
  const playing = useStudio((s) => s.playing);
  const speed = useStudio((s) => s.speed);
  const total = useStudio(selectTimelineFrames);
  return (
    <section className={styles.transport} aria-label="Timeline">
      <div className={styles.bar}>
        <Jump icon="start" label="To the start" keyName="Home" onClick={() => seek(0)} />
        <Jump icon="stepBack" label="One frame back" keyName="," onClick={() => step(-1)} />
        <Button
          className={styles.play ?? ""}
          aria-label="Play"
          aria-pressed={playing}
          title={playing ? "Pause (Space)" : "Play (Space)"}
          onClick={togglePlay}
        >
          <Icon name={playing ? "pause" : "play"} />
        </Button>
        <Jump icon="stepForward" label="One frame forward" keyName="." onClick={() => step(1)} />
        <Jump icon="end" label="To the end" keyName="End" onClick={() => seek(total - 1)} />
        <Button look="quiet" onClick={jumpToNow} title="Jump to “now”, the last observed frame (N)">
          Go to now
        </Button>
        <LoopChip />
        <span className={styles.spacer} />
        {speed !== 1 && (
          <Button look="quiet" onClick={() => shuttle(1)} title="Shuttle speed (J, K, L)">
            {speed < 0 ? "−" : ""}
            {Math.abs(speed)}×
          </Button>
        )}
        <Counter />
      </div>
      <Timeline />
    </section>
  );
}

interface JumpProps extends Pick<ComponentProps<typeof IconButton>, "icon" | "label" | "onClick"> {
  readonly keyName: string;
}

function Jump({ keyName, ...button }: JumpProps) {
  return <IconButton {...button} title={`${button.label} (${keyName})`} />;
}

function LoopChip() {
  const start = useStudio((s) => s.loopStart);
  const end = useStudio((s) => s.loopEnd);
  const setTransport = useStudio((s) => s.setTransport);
  if (start === null && end === null) return null;
  return (
    <Button
      look="quiet"
      title="Lift the loop"
      onClick={() => setTransport({ loopStart: null, loopEnd: null })}
    >
      <Icon name="loop" size={14} />
      {start === null ? "start" : start + 1} – {end === null ? "end" : end + 1}
      <Icon name="close" size={12} />
    </Button>
  );
}

/** Frame and time under the playhead, written past React because they change every frame. */
function Counter() {
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const write = () => {
      const state = studio();
      const frame = playhead.get();
      const secs = (frame / selectFps(state)).toFixed(2);
      if (ref.current)
        ref.current.textContent = `${frame + 1} / ${selectTimelineFrames(state)}   ${secs} s`;
    };
    write();
    const stops = [playhead.subscribe(write), useStudio.subscribe(write)];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return <span ref={ref} className={styles.counter} />;
}

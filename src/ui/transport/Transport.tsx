import { type ComponentProps, useEffect, useRef } from "react";
import { jumpToNow, seek, shuttle, step, togglePlay } from "../../store/actions/transport.ts";
import { selectFps, selectTimelineFrames, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { Timeline } from "./Timeline.tsx";
import styles from "./transport.module.css";

export function Transport() {
  const studio = useStudioObject();
  const playing = useStudio((s) => s.playing);
  const speed = useStudio((s) => s.speed);
  const total = useStudio(selectTimelineFrames);
  return (
    <section className={styles.transport} aria-label="Timeline">
      <div className={styles.bar}>
        <Jump icon="start" label="To the start" keyName="Home" onClick={() => seek(studio, 0)} />
        <Jump icon="stepBack" label="One frame back" keyName="," onClick={() => step(studio, -1)} />
        <Button
          className={styles.play ?? ""}
          aria-label="Play"
          aria-pressed={playing}
          title={playing ? "Pause (Space)" : "Play (Space)"}
          onClick={() => togglePlay(studio)}
        >
          <Icon name={playing ? "pause" : "play"} />
        </Button>
        <Jump
          icon="stepForward"
          label="One frame forward"
          keyName="."
          onClick={() => step(studio, 1)}
        />
        <Jump icon="end" label="To the end" keyName="End" onClick={() => seek(studio, total - 1)} />
        <Button
          look="quiet"
          onClick={() => jumpToNow(studio)}
          title="Jump to “now”, the last observed frame (N)"
        >
          Go to now
        </Button>
        <LoopChip />
        <span className={styles.spacer} />
        {speed !== 1 && (
          <Button look="quiet" onClick={() => shuttle(studio, 1)} title="Shuttle speed (J, K, L)">
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
  const studio = useStudioObject();
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const write = () => {
      const state = studio.state;
      const frame = studio.playhead.get();
      const secs = (frame / selectFps(state)).toFixed(2);
      if (ref.current)
        ref.current.textContent = `${frame + 1} / ${selectTimelineFrames(state)}   ${secs} s`;
    };
    write();
    const stops = [studio.playhead.subscribe(write), studio.store.subscribe(write)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [studio]);
  return <span ref={ref} className={styles.counter} />;
}

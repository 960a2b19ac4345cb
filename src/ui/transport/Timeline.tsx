import { useEffect, useRef } from "react";
import { seek, setNow } from "../../store/actions/transport.ts";
import {
  selectClip,
  selectDocument,
  selectFps,
  selectTimelineFrames,
  useStudio,
  useStudioObject,
} from "../../store/studio.ts";
import { at } from "./at.ts";
import { EditsLane } from "./EditsLane.tsx";
import { historySpan, horizonSpan, rulerMarks } from "./timelineMaths.ts";
import styles from "./transport.module.css";

interface SpanProps {
  readonly kind: "clip" | "past" | "future" | "truth" | "loop";
  readonly from: number;
  readonly to: number;
  readonly total: number;
  readonly title?: string;
}

function Span({ kind, from, to, total, title }: SpanProps) {
  if (to < from) return null;
  return (
    <div
      className={`${styles.span} ${styles[kind]}`}
      style={{ left: at(from, total), width: at(to - from, total) }}
      title={title}
    />
  );
}

export function Timeline() {
  const total = useStudio(selectTimelineFrames);
  const fps = useStudio(selectFps);
  const clipFrames = useStudio((s) => selectClip(s)?.info.frameCount ?? 0);
  const draftNow = useStudio((s) => selectDocument(s).nowIndex);
  const origin = useStudio((s) => selectDocument(s).origin);
  const loopStart = useStudio((s) => s.loopStart);
  const loopEnd = useStudio((s) => s.loopEnd);
  const now = clipFrames > 0 ? draftNow : (origin?.nowIndex ?? 0);
  const looped = loopStart !== null || loopEnd !== null;
  return (
    <div className={styles.timeline}>
      <div className={styles.lane}>
        <Ruler total={total} fps={fps} />
        {looped && (
          <Span kind="loop" from={loopStart ?? 0} to={loopEnd ?? total - 1} total={total} />
        )}
        <PlayheadSlider total={total} />
      </div>
      <EditsLane total={total} />
      <div className={`${styles.lane} ${styles.nowLane}`}>
        <Span kind="clip" from={0} to={clipFrames - 1} total={total} title="The clip" />
        <Span kind="past" {...historySpan(now)} total={total} title="What the forecast sees" />
        <Span kind="future" {...horizonSpan(now)} total={total} title="What it forecasts" />
        {clipFrames > 0 && <NowSlider total={total} clipFrames={clipFrames} now={now} />}
        {clipFrames === 0 && <div className={styles.nowMark} style={{ left: at(now, total) }} />}
      </div>
      <div className={styles.words} aria-hidden="true">
        <span className={styles.nowWords} style={{ "--at": at(now, total) }}>
          <span className={styles.pastWord}>past</span>
          <span>now, frame {now + 1}</span>
          <span className={styles.futureWord}>future</span>
        </span>
      </div>
      <PlayheadLine total={total} />
    </div>
  );
}

/** Seconds as labelled ticks; parts of them as short ones. */
function Ruler({ total, fps }: { readonly total: number; readonly fps: number }) {
  return (
    <div className={styles.ruler} aria-hidden="true">
      {rulerMarks(total, fps).map(({ left, label }) => (
        <i key={left} className={label ? styles.major : styles.minor} style={{ left: `${left}%` }}>
          {label && <span>{label}</span>}
        </i>
      ))}
    </div>
  );
}

/** The platform's own slider, for keyboards and screen readers; written past React while playing. */
function PlayheadSlider({ total }: { readonly total: number }) {
  const studio = useStudioObject();
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const write = () => {
      const input = ref.current;
      if (!input) return;
      input.value = String(studio.playhead.get() + 1);
      input.setAttribute("aria-valuetext", `frame ${studio.playhead.get() + 1} of ${total}`);
    };
    seek(studio, studio.playhead.get());
    write();
    return studio.playhead.subscribe(write);
  }, [studio, total]);
  return (
    <input
      ref={ref}
      type="range"
      aria-label="Playhead"
      className={styles.slider}
      min={1}
      max={total}
      step={1}
      defaultValue={1}
      onInput={(event) => seek(studio, Number(event.currentTarget.value) - 1)}
    />
  );
}

interface NowProps {
  readonly total: number;
  readonly clipFrames: number;
  readonly now: number;
}

function NowSlider({ total, clipFrames, now }: NowProps) {
  const studio = useStudioObject();
  const share = (clipFrames - 1) / Math.max(1, total - 1);
  return (
    <input
      type="range"
      aria-label="Now"
      aria-valuetext={`frame ${now + 1} of ${clipFrames}`}
      title="The last observed frame: drag to choose where the forecast starts"
      className={`${styles.slider} ${styles.nowSlider}`}
      style={{ "--share": share }}
      min={1}
      max={Math.max(1, clipFrames)}
      step={1}
      value={now + 1}
      disabled={clipFrames < 2}
      onChange={(event) => {
        const frame = Number(event.currentTarget.value) - 1;
        setNow(studio, frame);
        seek(studio, frame);
      }}
    />
  );
}

function PlayheadLine({ total }: { readonly total: number }) {
  const studio = useStudioObject();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const write = () => {
      if (ref.current) ref.current.style.left = at(studio.playhead.get(), total);
    };
    write();
    return studio.playhead.subscribe(write);
  }, [studio, total]);
  return (
    <div className={styles.lineLane} aria-hidden="true">
      <div ref={ref} className={styles.line} />
    </div>
  );
}

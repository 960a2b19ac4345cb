import { useEffect, useRef, useState } from "react";
import { RuntimeLostError } from "../../domain/errors.ts";
import { MOVING, STATIC } from "../../domain/space-field.ts";
import { showError } from "../../store/actions/notices.ts";
import { findRelief, reliefHistoryId } from "../../store/actions/relief.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import { FieldView } from "../../viewport/field/field-view.ts";
import type { FieldPick } from "../../viewport/field/scene.ts";
import { Button } from "../controls/Button.tsx";
import { UNKNOWN_WORDS } from "../relief/reliefWords.ts";
import { bindField } from "./fieldBinding.ts";
import styles from "./stage.module.css";

/** A click that was no turn of the view, px. */
const CLICK_PX = 4;

/** Hosts the space view over the stage while it is chosen. */
export function FieldHost() {
  const studio = useStudioObject();
  const ref = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<FieldView | null>(null);
  const [pick, setPick] = useState<FieldPick | null>(null);
  useEffect(() => {
    const host = ref.current;
    if (!host) return;
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-label", "Space view");
    canvas.setAttribute("role", "img");
    host.prepend(canvas);
    let own: FieldView;
    try {
      own = new FieldView(canvas);
    } catch (error) {
      canvas.remove();
      if (!(error instanceof RuntimeLostError)) showError(studio, error);
      return;
    }
    const observer = new ResizeObserver(() => {
      own.resize(host.clientWidth, host.clientHeight, Math.min(2, window.devicePixelRatio));
      own.render();
    });
    observer.observe(host);
    const unbind = bindField(studio, own);
    const stopPicking = onClick(canvas, (x, y) => {
      const picked = own.pick(x, y);
      own.setPicked(picked?.point ?? null);
      setPick(picked);
    });
    setView(own);
    return () => {
      setView(null);
      stopPicking();
      unbind();
      observer.disconnect();
      own.dispose();
      canvas.remove();
    };
  }, [studio]);
  return (
    <div ref={ref} className={styles.field}>
      <NothingKnown />
      {pick && (
        <div className={styles.tip} style={{ left: 0, bottom: 24 }} role="status">
          {pickWords(pick)}
        </div>
      )}
      {view && <FieldTools view={view} />}
    </div>
  );
}

/** Calls back for clicks, CSS px of the element; drags are turns of the view. */
function onClick(element: HTMLElement, hear: (x: number, y: number) => void): () => void {
  let from = { x: 0, y: 0 };
  const down = (event: PointerEvent) => {
    from = { x: event.offsetX, y: event.offsetY };
  };
  const up = (event: PointerEvent) => {
    const moved = Math.hypot(event.offsetX - from.x, event.offsetY - from.y);
    if (moved < CLICK_PX) hear(event.offsetX, event.offsetY);
  };
  element.addEventListener("pointerdown", down);
  element.addEventListener("pointerup", up);
  return () => {
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointerup", up);
  };
}

function pickWords({ state, isGround, depth, sigmaLog, speed }: FieldPick): string {
  if (isGround) {
    return `Bare; as level ground at depth ${depth.toFixed(2)} (± ${Math.round(100 * sigmaLog)} %)`;
  }
  const pace = `speed ${(1000 * speed).toFixed(1)}‰ of the median depth a frame`;
  if (state === STATIC) {
    return `Still, depth ${depth.toFixed(2)} (± ${Math.round(100 * sigmaLog)} %), ${pace}`;
  }
  if (state !== MOVING) return "Unknown: its depth cannot be told";
  return `Moving, depth ${depth.toFixed(2)} (assumed from its surround), ${pace}`;
}

/** In the place of the view, for as long as there is nothing to see in space. */
function NothingKnown() {
  const studio = useStudioObject();
  const relief = useStudio((s, own) => (s.relief?.id === reliefHistoryId(own) ? s.relief : null));
  const isBusy = useStudio((s) => s.reliefProgress !== null);
  if (relief && !relief.why) return null;
  const words = relief?.why
    ? UNKNOWN_WORDS[relief.why]
    : "Cameras and depth of this clip are told from its tracks, where the camera moves.";
  return (
    <div className={styles.absent}>
      <strong>
        {relief?.why ? "No depth is known" : isBusy ? "Finding relief" : "No relief yet"}
      </strong>
      <p>{words}</p>
      {!relief && (
        <p>
          <Button look="primary" disabled={isBusy} onClick={() => void findRelief(studio)}>
            Find relief
          </Button>
        </p>
      )}
    </div>
  );
}

const TURN = 12;
const ZOOM = 1.15;

function FieldTools({ view }: { readonly view: FieldView }) {
  const isKnown = useStudio((s, own) => s.relief?.id === reliefHistoryId(own) && !s.relief.why);
  if (!isKnown) return null;
  const tools: readonly (readonly [string, string, () => void])[] = [
    ["Aside", "From beside the clip’s camera", () => view.lookFromAside()],
    ["Camera", "From the clip’s camera at “now”", () => view.lookFromCamera()],
    ["Above", "From above", () => view.lookFromAbove()],
    ["‹", "Turn left", () => view.nudge(-TURN, 0, 1)],
    ["›", "Turn right", () => view.nudge(TURN, 0, 1)],
    ["+", "Closer", () => view.nudge(0, 0, 1 / ZOOM)],
    ["−", "Farther", () => view.nudge(0, 0, ZOOM)],
  ];
  return (
    <div className={styles.volumeTools}>
      {tools.map(([label, title, act]) => (
        <Button key={title} look="quiet" title={title} aria-label={title} onClick={act}>
          {label}
        </Button>
      ))}
    </div>
  );
}

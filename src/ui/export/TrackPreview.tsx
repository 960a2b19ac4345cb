import { useEffect, useRef } from "react";
import { PAST_COLOUR, TRUTH_COLOUR } from "../../domain/data-colours.ts";
import { futureStyle } from "../../domain/future-style.ts";
import type { ExportPreview } from "../../formats/export/common/types.ts";
import type { Slot } from "../../store/document.ts";
import { type Studio, selectDocument, useStudioObject } from "../../store/studio.ts";
import { canvasOf } from "../stage/canvasOf.ts";
import styles from "./export.module.css";
import { drawCover } from "./framePng.ts";

interface Props {
  readonly preview: ExportPreview;
  readonly slots: readonly Slot[];
  readonly slotIds: readonly number[];
}

/** Longest side of the preview on screen, CSS pixels. */
const LONG_SIDE = 320;

export function TrackPreview({ preview, slots, slotIds }: Props) {
  const studio = useStudioObject();
  const ref = useRef<HTMLCanvasElement>(null);
  const { size, pointIds, frameCount, fps, notices, segment } = preview;
  const first = slots.find((slot) => slotIds.includes(slot.id));
  const colour =
    segment === "truth"
      ? TRUTH_COLOUR
      : segment === "past"
        ? PAST_COLOUR
        : futureStyle((first?.id ?? 1) - 1).colour;
  const scale = LONG_SIDE / Math.max(size.width, size.height * 1.5);
  useEffect(() => {
    const canvas = ref.current;
    if (canvas) drawPreview(studio, canvas, preview, colour);
  }, [studio, preview, colour]);
  return (
    <div className={styles.preview}>
      <canvas
        ref={ref}
        width={Math.round(size.width * scale * 2)}
        height={Math.round(size.height * scale * 2)}
        role="img"
        aria-label={`What the reader will see: ${pointIds.length} points over ${frameCount} frames`}
        style={{ width: size.width * scale, height: size.height * scale }}
      />
      <div>
        <p>
          {frameCount} frames, {Number(fps.toFixed(2))} fps, {size.width}×{size.height},{" "}
          {pointIds.length} {pointIds.length === 1 ? "point" : "points"}
        </p>
        <ul>
          {notices.map((notice) => (
            <li key={notice}>{notice}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function drawPreview(
  studio: Studio,
  canvas: HTMLCanvasElement,
  preview: ExportPreview,
  colour: string,
): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { tracks, size } = preview;
  const scale = canvas.width / size.width;
  context.fillStyle = "#0b0c0e";
  context.fillRect(0, 0, canvas.width, canvas.height);
  const { clipId, origin } = selectDocument(studio.state);
  const frame = studio.frames.of(clipId)?.get(origin?.nowIndex ?? 0);
  if (frame) {
    context.globalAlpha = 0.45;
    drawCover(context, canvasOf(frame), canvas.width, canvas.height);
  }
  context.lineWidth = 1.5;
  context.strokeStyle = colour;
  const N = tracks.pointCount;
  for (const shown of [0, 1]) {
    context.globalAlpha = shown ? 0.85 : 0.2;
    context.beginPath();
    for (let n = 0; n < N; n++) {
      for (let t = 1; t < tracks.frameCount; t++) {
        const a = (t - 1) * N + n;
        const b = t * N + n;
        if ((tracks.visibilityTN[a] & tracks.visibilityTN[b]) !== shown) continue;
        context.moveTo(
          (tracks.tracksTN2[2 * a] + 0.5) * scale,
          (tracks.tracksTN2[2 * a + 1] + 0.5) * scale,
        );
        context.lineTo(
          (tracks.tracksTN2[2 * b] + 0.5) * scale,
          (tracks.tracksTN2[2 * b + 1] + 0.5) * scale,
        );
      }
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}

import { useEffect, useRef } from "react";
import { drawFutures, type Scene } from "./drawFutures.ts";

/** Pixels of the canvas a CSS pixel, at most. */
const MAX_RATIO = 2;

interface Props extends Scene {
  readonly label: string;
  readonly className?: string | undefined;
  /** CSS px. */
  readonly width: number;
}

/** One small picture of futures in their volume. */
export function FuturesCanvas({ label, className, width, ...scene }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  const ratio = Math.min(MAX_RATIO, globalThis.devicePixelRatio || 1);
  const height = Math.round((width * scene.sight.height) / scene.sight.width);
  const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
  useEffect(() => {
    const context = ref.current?.getContext("2d");
    if (context) drawFutures(context, size, scene);
  });
  return (
    <canvas
      ref={ref}
      role="img"
      aria-label={label}
      className={className}
      style={{ width, height }}
      {...size}
    />
  );
}

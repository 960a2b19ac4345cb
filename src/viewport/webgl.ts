import { RuntimeLostError } from "../domain/errors.ts";

/** Throws RuntimeLostError where the browser gives no WebGL2. */
export function openWebgl2(canvas: HTMLCanvasElement): WebGL2RenderingContext {
  const gl = canvas.getContext("webgl2", {
    alpha: false,
    antialias: false,
    depth: true,
    stencil: false,
    powerPreference: "high-performance",
  });
  if (gl) return gl;
  throw new RuntimeLostError(
    "The view cannot be drawn: this browser gave no WebGL2.",
    "Turn on hardware acceleration in the browser's settings, or open the page in a current Chrome, Edge, Firefox or Safari. Forecasts and exports of tracks work without the view.",
  );
}

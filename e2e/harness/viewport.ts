import { Viewport } from "../../src/viewport/viewport.ts";
import { NOW, sceneData, scenePicture } from "./scene.ts";

const canvas = document.getElementById("view");
if (!(canvas instanceof HTMLCanvasElement)) throw new Error("no canvas");

const events: string[] = [];
const view = new Viewport(canvas, {
  onLost: () => events.push("lost"),
  onRestored: () => events.push("restored"),
});
view.resize(1280, 720, 1);
view.setData(sceneData(8));

function showFrame(frame: number): void {
  view.setPlayhead(frame);
  view.setFrameImage(scenePicture(frame));
  view.render();
}

/** Milliseconds of one drawn frame, the pixels read back, over `count` moves of the playhead. */
function timeFrames(count: number): number[] {
  const gl = canvas instanceof HTMLCanvasElement ? canvas.getContext("webgl2") : null;
  const pixel = new Uint8Array(4);
  return Array.from({ length: count }, (_, i) => {
    const start = performance.now();
    view.setPlayhead(NOW + 5 * i);
    view.render();
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    return performance.now() - start;
  });
}

/** RGBA of the canvas as drawn now, rows from the bottom. */
function pixels(): Uint8Array {
  view.render();
  const gl = canvas instanceof HTMLCanvasElement ? canvas.getContext("webgl2") : null;
  const bytes = new Uint8Array(1280 * 720 * 4);
  gl?.readPixels(0, 0, 1280, 720, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  return bytes;
}

const harness = { Viewport, view, events, sceneData, showFrame, timeFrames, pixels, NOW };
declare global {
  interface Window {
    viewportHarness: typeof harness;
  }
}
window.viewportHarness = harness;
showFrame(NOW);

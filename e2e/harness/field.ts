import type { SpaceCloud } from "../../src/domain/imported-space.ts";
import { stillPinholePath } from "../../src/domain/pinhole.ts";
import { MOVING, type SpaceCurves, STATIC } from "../../src/domain/space-field.ts";
import { WORKING_SIZE } from "../../src/domain/studio-defaults.ts";
import { FieldView } from "../../src/viewport/field/field-view.ts";
import type { FieldScene } from "../../src/viewport/field/scene.ts";

const COLUMNS = 75;
const ROWS = 40;
const POINTS = COLUMNS * ROWS;
const CONTROL = 16;
const PAST_FRAMES = 81;

const canvas = document.getElementById("view");
if (!(canvas instanceof HTMLCanvasElement)) throw new Error("no canvas");
const view = new FieldView(canvas);
view.resize(1280, 720, 1);

/** A wall of points, every fourth of which goes round in a circle. */
function curves(phase: number): SpaceCurves {
  const controlNK3 = new Float32Array(POINTS * CONTROL * 3);
  for (let n = 0; n < POINTS; n++) {
    const [x, y] = [(n % COLUMNS) / COLUMNS - 0.5, Math.floor(n / COLUMNS) / COLUMNS - 0.27];
    for (let k = 0; k < CONTROL; k++) {
      const turn = n % 4 === 0 ? 0.4 * k + phase : 0;
      const away = n % 4 === 0 ? 0.05 : 0;
      const place = [x + away * Math.cos(turn), y + away * Math.sin(turn), 1 + 0.3 * x];
      controlNK3.set(place, 3 * (n * CONTROL + k));
    }
  }
  return { controlNK3, controlCount: CONTROL, residual: 0 };
}

function scene(futures: number, cloud?: SpaceCloud): FieldScene {
  const cells = 104 * 60;
  const cameras = (frames: number) => stillPinholePath(frames, 700, WORKING_SIZE);
  return {
    size: WORKING_SIZE,
    field: {
      cameras: cameras(PAST_FRAMES),
      anchorFrame: PAST_FRAMES - 1,
      why: null,
      inverseDepthN: new Float32Array(POINTS).fill(1),
      sigmaLogN: new Float32Array(POINTS).fill(0.05),
      stateN: Uint8Array.from({ length: POINTS }, (_, n) => (n % 4 === 0 ? MOVING : STATIC)),
      residualPxN: new Float32Array(POINTS),
      parallaxPx: 30,
      focal: { px: 700, isGuess: false },
    },
    relief: {
      source: "parallax",
      ...{ columns: 104, rows: 60, inverseDepth: new Float32Array(cells).fill(1) },
    },
    curves: curves(0),
    queryXyN2: Float32Array.from({ length: 2 * POINTS }, (_, i) => {
      const n = i >> 1;
      return i % 2 ? 12 * Math.floor(n / COLUMNS) + 6 : 11 * (n % COLUMNS) + 6;
    }),
    picture: null,
    futures: Array.from({ length: futures }, (_, k) => ({
      ...{ rgb: [1, k / 8, 0.3] as const, cameras: cameras(82), curves: curves(k) },
    })),
    ...(cloud
      ? {
          cloud: {
            ...{ cloud, nowFrame: cloud.timeT.length - 1, step: 0.5 },
            world: { rotation9: [1, 0, 0, 0, 1, 0, 0, 0, 1], shift: [0, 0, 0], scale: 1 },
          },
        }
      : {}),
  };
}

/** A dense field of that many points, a fifth of which moves. */
function denseCloud(count: number, frames: number): SpaceCloud {
  const moving = Math.floor(count / 5);
  const half = (value: number) => {
    const exponent = Math.floor(Math.log2(Math.abs(value) || 1));
    const mantissa = Math.round((Math.abs(value) / 2 ** exponent - 1) * 1023);
    return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | Math.max(0, mantissa);
  };
  const place = (n: number) => [
    ((n * 7919) % 1000) / 1000 - 0.5,
    ((n * 104_729) % 600) / 1000 - 0.3,
    1,
  ];
  return {
    stillN3: Float32Array.from({ length: 3 * (count - moving) }, (_, i) => {
      return place(Math.floor(i / 3))[i % 3];
    }),
    stillRgbN3: new Uint8Array(3 * (count - moving)).fill(160),
    controlMK4: Uint16Array.from({ length: 4 * 10 * moving }, (_, i) => {
      return i % 4 === 3 ? 0 : half(place(Math.floor(i / 40))[i % 4]);
    }),
    controlCount: 10,
    movingRgbM3: new Uint8Array(3 * moving).fill(220),
    firstT: Uint32Array.from({ length: frames + 1 }, (_, t) => Math.floor((t * moving) / frames)),
    timeT: Float32Array.from({ length: frames }, (_, t) => t / (frames - 1)),
  };
}

/** Calls that give the graphics card data, since `watch`. */
const uploads: string[] = [];
function watch(): void {
  const gl = canvas instanceof HTMLCanvasElement ? canvas.getContext("webgl2") : null;
  if (!gl) throw new Error("no WebGL2");
  for (const name of ["bufferData", "bufferSubData", "texImage2D", "texSubImage2D"] as const) {
    const own = gl[name].bind(gl) as (...args: unknown[]) => void;
    Object.assign(gl, {
      [name]: (...args: unknown[]) => {
        uploads.push(name);
        own(...args);
      },
    });
  }
}

/** Milliseconds of one drawn frame, the pixels read back, over `count` moves of the playhead. */
function timeFrames(count: number): number[] {
  const gl = canvas instanceof HTMLCanvasElement ? canvas.getContext("webgl2") : null;
  const pixel = new Uint8Array(4);
  return Array.from({ length: count }, (_, i) => {
    const start = performance.now();
    view.setFrame(-40 + (i * 121) / count);
    view.render();
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    return performance.now() - start;
  });
}

/** RGBA of the canvas as drawn now. */
function pixels(): Uint8Array {
  view.render();
  const gl = canvas instanceof HTMLCanvasElement ? canvas.getContext("webgl2") : null;
  const bytes = new Uint8Array(1280 * 720 * 4);
  gl?.readPixels(0, 0, 1280, 720, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  return bytes;
}

const harness = { view, scene, denseCloud, timeFrames, watch, uploads, pixels };
declare global {
  interface Window {
    fieldHarness: typeof harness;
  }
}
window.fieldHarness = harness;

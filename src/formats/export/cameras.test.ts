import { describe, expect, test } from "vitest";
import type { ForecastDocument } from "../document/types.ts";
import { fixtureDocument } from "../fixture.ts";
import { exportForecast, previewExport } from "./common/run.ts";
import { readCurve, readTcl, type TclList } from "./readers/tcl.ts";

type Vector = readonly [number, number, number];

const WIDE = 832 / (2 * Math.tan((55 * Math.PI) / 360));

/** A camera that pans, rolls and zooms: where the still world's picture goes. */
function turningDocument(): ForecastDocument {
  const document = fixtureDocument(1);
  const [future] = document.forecast.futures;
  const cameraPathT6 = Float32Array.from({ length: 81 * 6 }, (_, i) => {
    const s = Math.floor(i / 6) / 81;
    const [cos, sin, zoom] = [Math.cos(0.1 * s), Math.sin(0.1 * s), 1 + 0.15 * s];
    const [cx, cy] = [415.5 + 30 * s, 239.5 - 12 * s];
    const linear = [zoom * cos, -zoom * sin, zoom * sin, zoom * cos];
    return [
      linear[0],
      linear[1],
      cx - linear[0] * 415.5 - linear[1] * 239.5,
      linear[2],
      linear[3],
      cy - linear[2] * 415.5 - linear[3] * 239.5,
    ][i % 6];
  });
  const forecast = { ...document.forecast, futures: [{ ...future, cameraPathT6 }] };
  return { ...document, forecast };
}

const document = turningDocument();
const text = (format: string) => new TextDecoder().decode(exportForecast(document, format).bytes);

const about = (axis: 0 | 1 | 2, degrees: number) => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return ([x, y, z]: Vector): Vector =>
    axis === 0
      ? [x, c * y - s * z, s * y + c * z]
      : axis === 1
        ? [c * x + s * z, y, c * z - s * x]
        : [c * x - s * y, s * x + c * y, z];
};

/** Picture px (0 = the first pixel's centre) of a direction at "now", as a program draws frame `t`. */
type Camera = (t: number, direction: Vector) => readonly [number, number];

function nukeCamera(): Camera {
  const node = readTcl(text("camera-nuke"));
  const knobs = node[node.indexOf("Camera2") + 1] as TclList;
  const knob = (name: string) => knobs[knobs.indexOf(name) + 1] as TclList;
  expect(knobs[knobs.indexOf("rot_order") + 1]).toBe("XYZ");
  const rotate = knob("rotate").map((curve) => readCurve(curve as TclList));
  const focal = readCurve(knob("focal")[0] as TclList);
  const back = Number(knobs[knobs.indexOf("haperture") + 1]);
  return (t, [x, y, z]) => {
    const at = (axis: 0 | 1 | 2) => rotate[axis].get(t + 1) ?? Number.NaN;
    // World to camera undoes Rz·Ry·Rx; y is up and the camera looks along −z.
    let v: Vector = [x, -y, -z];
    v = about(0, -at(0))(about(1, -at(1))(about(2, -at(2))(v)));
    const px = ((focal.get(t + 1) ?? Number.NaN) / back) * 832;
    return [415.5 + (px * v[0]) / -v[2], 239.5 - (px * v[1]) / -v[2]];
  };
}

function blenderCamera(): Camera {
  const rows = [...text("camera-blender").matchAll(/^ {4}\(([-\d., e]+)\),$/gm)].map((match) =>
    match[1].split(", ").map(Number),
  );
  return (t, [x, y, z]) => {
    const m = rows[t];
    const world: Vector = [x, z, -y];
    const v = [0, 1, 2].map((k) => m[k] * world[0] + m[4 + k] * world[1] + m[8 + k] * world[2]);
    const px = (m[12] / 36) * 832;
    return [415.5 + (px * v[0]) / -v[2], 239.5 - (px * v[1]) / -v[2]];
  };
}

function afterEffectsCamera(): Camera {
  const set: Record<string, { times: number[]; values: unknown[] }> = {};
  const property = (name: string): unknown => ({
    property,
    setValuesAtTimes: (times: number[], values: unknown[]) => {
      set[name] = { times, values };
    },
  });
  class CompItem {}
  const layers = { addCamera: () => ({ property, autoOrient: 0 }) };
  const app = {
    beginUndoGroup() {},
    endUndoGroup() {},
    project: { activeItem: null, items: { addComp: () => ({ layers }) } },
  };
  new Function("app", "CompItem", "AutoOrientType", text("camera-after-effects"))(
    app,
    CompItem,
    {},
  );
  const turns = set["ADBE Orientation"].values as Vector[];
  const zooms = set["ADBE Camera Zoom"].values as number[];
  expect(set["ADBE Position"].values[0]).toEqual([416, 240, expect.closeTo(-WIDE, 3)]);
  return (t, direction) => {
    const [a, b, c] = turns[t];
    // World to camera undoes Rx·Ry·Rz.
    const v = about(2, -c)(about(1, -b)(about(0, -a)(direction)));
    return [415.5 + (zooms[t] * v[0]) / v[2], 239.5 + (zooms[t] * v[1]) / v[2]];
  };
}

function jsonCamera(): Camera {
  const { frames } = JSON.parse(text("camera-json"));
  return (t, [x, y, z]) => {
    const v = frames[t].worldToCamera.map(([a, b, c, d]: number[]) => a * x + b * y + c * z + d);
    return [415.5 + (frames[t].focalPx * v[0]) / v[2], 239.5 + (frames[t].focalPx * v[1]) / v[2]];
  };
}

describe.each([
  ["camera-json", jsonCamera],
  ["camera-nuke", nukeCamera],
  ["camera-blender", blenderCamera],
  ["camera-after-effects", afterEffectsCamera],
])("%s", (format, read) => {
  test("the still picture moves under it as the forecast says, within what is told", () => {
    const camera = read();
    const { notices } = previewExport(document, format);
    const told = Number(/at most ([\d.]+) px/.exec(notices.join())?.[1]);
    expect(told).toBeLessThan(20);
    const path = document.forecast.futures[0].cameraPathT6 ?? new Float32Array();
    for (const t of [0, 1, 40, 81]) {
      for (const [x, y] of [
        [415.5, 239.5],
        [0, 0],
        [831, 100],
        [200, 479],
      ]) {
        const [u, v] = camera(t, [(x - 415.5) / WIDE, (y - 239.5) / WIDE, 1]);
        const [a, b, c, d, e, f] = t === 0 ? [1, 0, 0, 0, 1, 0] : path.subarray(6 * t - 6);
        const far = Math.hypot(u - (a * x + b * y + c), v - (d * x + e * y + f));
        expect(far).toBeLessThan((x === 415.5 ? 0.02 : told) + 0.06);
      }
    }
  });
});

test("all programs hold the same camera", () => {
  const cameras = [jsonCamera(), nukeCamera(), blenderCamera(), afterEffectsCamera()];
  for (const t of [1, 30, 81]) {
    const seen = cameras.map((camera) => camera(t, [0.3, -0.2, 1]));
    for (const [u, v] of seen) {
      expect(u).toBeCloseTo(seen[0][0], 1);
      expect(v).toBeCloseTo(seen[0][1], 1);
    }
  }
});

test("a future without a camera is refused with a way out", () => {
  const plain = fixtureDocument(1);
  const [{ cameraPathT6: _, ...future }] = plain.forecast.futures;
  const still = { ...plain, forecast: { ...plain.forecast, futures: [future] } };
  expect(() => exportForecast(still, "camera-json")).toThrow(/no camera of its own/);
});

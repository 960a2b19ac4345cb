import { expect, test } from "vitest";
import { selectDocument } from "../studio.ts";
import { fakeStudio } from "../testing.ts";
import { addCamera, openCameraPath } from "./cameras.ts";
import { openClip } from "./clip.ts";
import { forecast } from "./forecast.ts";

/** Four frames: the camera goes to the right by 0.1 a frame and turns left by two degrees a frame. */
const transforms = () => {
  const frames = [0, 1, 2, 3].map((t) => {
    const [c, s] = [Math.cos((2 * t * Math.PI) / 180), Math.sin((2 * t * Math.PI) / 180)];
    const rows = [
      [c, 0, s, 0.1 * t],
      [0, 1, 0, 0],
      [-s, 0, c, 0],
      [0, 0, 0, 1],
    ];
    return { file_path: `${t}.png`, transform_matrix: rows };
  });
  return JSON.stringify({ fl_x: 700, fl_y: 700, cx: 416, cy: 240, w: 832, h: 480, frames });
};

const COLMAP = {
  "cameras.txt": "1 PINHOLE 832 480 700 700 416 240\n",
  "images.txt": "1 1 0 0 0 0 0 0 1 a.png\n\n2 1 0 0 0 -0.1 0 0 1 b.png\n\n",
};

async function withCamera() {
  const { studio } = fakeStudio();
  await openClip(studio, new File(["a clip"], "street.mp4"));
  await forecast(studio);
  const edit = addCamera(studio);
  if (!edit) throw new Error("no camera");
  const camera = () => {
    const [own] = selectDocument(studio.state).edits;
    if (own.kind !== "camera") throw new Error("no camera");
    return own;
  };
  return { studio, edit, camera };
}

test("a camera goes the way of another clip's cameras, in pivot depths of this one", async () => {
  const { studio, edit, camera } = await withCamera();
  await openCameraPath(studio, edit, [new File([transforms()], "transforms.json")]);
  const { move, keys = [] } = camera();
  expect(move).toBe("keys");
  expect(keys.map(({ frame }) => frame)).toEqual([0, 1, 2]);
  keys.forEach(({ pan, tilt, roll, x, y, zoom }, i) => {
    // A turn to the left about the axis that points up.
    expect(pan).toBeCloseTo(-2 * (i + 1), 3);
    expect([tilt, roll, y]).toEqual([0, 0, 0].map((zero) => expect.closeTo(zero, 4)));
    expect(x / keys[0].x).toBeCloseTo(i + 1, 3);
    expect(zoom).toBeCloseTo(1, 6);
  });
  expect(keys[0].x).toBeGreaterThan(0);
  expect(studio.state.status).toMatch(/moves as in transforms\.json.*“travel”/);
});

test("COLMAP's two files are one camera; one of them alone is refused and nothing is lost", async () => {
  const { studio, edit, camera } = await withCamera();
  const files = Object.entries(COLMAP).map(([name, text]) => new File([text], name));
  await openCameraPath(studio, edit, files);
  expect(camera().keys?.map(({ x }) => x > 0)).toEqual([true]);
  const before = camera();
  await expect(openCameraPath(studio, before, files.slice(0, 1))).rejects.toThrow(/no cameras/);
  const forecastFile = new File(['{"schema":"foretrack-forecast"}'], "forecast.json");
  await expect(openCameraPath(studio, before, [forecastFile])).rejects.toThrow();
  expect(camera()).toEqual(before);
});

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, type Locator, test } from "@playwright/test";
import { encode } from "./media/encode.ts";
import { MEDIA_DIR } from "./media/make.ts";
import { realClip } from "./real-clips.ts";
import {
  apart,
  between,
  FOLLOWED,
  inside,
  median,
  type Place,
  type Saved,
  Walk,
  wallMoved,
  way,
} from "./walk.ts";

/**
 * What people say should happen, on real clips with the model that ships: each walk ends in numbers
 * that a person would check by eye, and leaves its pictures beside them.
 */
test.use({ actionTimeout: 60_000, viewport: { width: 1400, height: 900 } });
test.skip(!existsSync(realClip("real")), "no real clips beside the checkout");

const CUP = "intel-iot-devkit-sample-videos-bottle-detection-262b_00.mp4";
const WALKER = "bijustin-video-segmentation-lucia-512f_00.mp4";
const CAR = "bijustin-video-segmentation-car-turn-b982_00.mp4";
const DANCE = "talmolab-sleap-dance-d6b9_00.mp4";
const STREET = "zulko-moviepy-chaplin-54c1_00.mp4";

test("a bottle is pushed while the table stays", async ({ page }, info) => {
  const walk = new Walk(page, info);
  await walk.begin(CUP);
  const free = await walk.saved();
  await walk.tool("Area");
  await walk.pull([60, 400], [560, 400], [60, 450], [560, 450]);
  await walk.followed(1);
  await walk.tool("Drag");
  await walk.pull([705, 280], [600, 276], [480, 276]);
  const made = await walk.followed(2);
  await walk.picture("pushed");
  // Nothing moved before: what is asked of the bottle is not asked of the wall behind it.
  for (const [half, most] of wallMoved(made, free)) {
    expect(half).toBeLessThan(12);
    expect(most).toBeLessThan(75);
  }
  const [bottle, table] = [inside(made, [690, 200, 725, 350]), inside(made, [60, 390, 540, 470])];
  for (const k of made.futures.keys()) {
    expect(way(made, k, bottle)[0]).toBeLessThan(-180);
    expect(Math.hypot(...way(made, k, table))).toBeLessThan(1.5);
  }
  await walk.thereAndBack(made, free);
});

test("the bottle is pushed by keys alone", async ({ page }, info) => {
  const walk = new Walk(page, info);
  await walk.begin(CUP);
  const free = await walk.saved();
  const type = async (field: Locator, text: string) => {
    await field.focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  };
  const enter = async (name: string) => {
    await page.getByRole("button", { name, exact: true }).focus();
    await page.keyboard.press("Enter");
  };
  const picked = page.getByRole("textbox", { name: /Picked points/ });
  const columns = Array.from({ length: 15 }, (_, i) => i + 3);
  await type(picked, [13, 14].flatMap((row) => columns.map((c) => `${row}-${c}`)).join(", "));
  await enter("Hold");
  await walk.followed(1);
  await type(picked, "9-23");
  await enter("Add drag");
  await type(page.getByRole("spinbutton", { name: "Right, Drag 1" }), "-225");
  await type(page.getByRole("spinbutton", { name: "Down, Drag 1" }), "-4");
  await enter("Forecast");
  const made = await walk.followed(2, "Forecast ready");
  await walk.picture("pushed-by-keys");
  // Nothing moved before: what is asked of the bottle is not asked of the wall behind it.
  for (const [half, most] of wallMoved(made, free)) {
    expect(half).toBeLessThan(12);
    expect(most).toBeLessThan(75);
  }
  const [bottle, table] = [inside(made, [690, 200, 725, 350]), inside(made, [60, 390, 540, 470])];
  for (const k of made.futures.keys()) {
    expect(way(made, k, bottle)[0]).toBeLessThan(-180);
    expect(Math.hypot(...way(made, k, table))).toBeLessThan(1.5);
  }
  const rows = page.getByRole("list", { name: "Edits", exact: true }).getByRole("listitem");
  let steps = 0;
  for (; (await rows.count()) > 0 && steps < 20; steps++) await page.keyboard.press("Control+z");
  expect(await walk.saved()).toEqual(free);
  for (let k = 0; k < steps; k++) await page.keyboard.press("Control+Shift+z");
  expect(await walk.saved()).toEqual(made);
  expect(walk.studio.problems).toEqual([]);
});

test("a walker is stopped", async ({ page }, info) => {
  const walk = new Walk(page, info);
  await walk.begin(WALKER);
  const free = await walk.saved();
  await walk.click([318, 240]);
  await page.keyboard.press("g");
  await expect(walk.studio.status).toContainText("points move together");
  await walk.picture("picked");
  await page.keyboard.press("h");
  await walk.followed(1);
  await page.getByRole("checkbox", { name: "In the scene, Area 1" }).check();
  await walk.studio.run(walk.studio.forecast);
  const made = await walk.saved();
  await walk.picture("stopped");
  // She stands in the scene, over which the camera still goes: what is beside her goes as she does.
  const walker = made.edits[0].points ?? [];
  const beside = [...inside(made, [150, 150, 250, 330]), ...inside(made, [400, 150, 500, 330])];
  expect(walker.length).toBeGreaterThan(4);
  const left = made.futures.map((_, k) => between(way(made, k, walker), way(made, k, beside)));
  const walked = free.futures.map((_, k) => between(way(free, k, walker), way(free, k, beside)));
  expect(median(left)).toBeLessThan(0.6 * median(walked));
  await walk.thereAndBack(made, free);
});

test("a car is redirected", async ({ page }, info) => {
  const walk = new Walk(page, info);
  await walk.begin(CAR);
  const free = await walk.saved();
  await walk.tool("Drag");
  await walk.pull([575, 290], [650, 280], [720, 250]);
  const made = await walk.followed(1);
  await walk.picture("redirected");
  const car = inside(made, [520, 240, 640, 330]);
  for (const k of made.futures.keys()) {
    const [right, down] = way(made, k, car);
    expect(right).toBeGreaterThan(100);
    expect(down).toBeLessThan(-20);
  }
  await walk.thereAndBack(made, free);
});

test("two drags, one after the other", async ({ page }, info) => {
  const walk = new Walk(page, info);
  await walk.begin(STREET);
  const free = await walk.saved();
  await walk.tool("Drag");
  await walk.pull([160, 200], [60, 200]);
  const one = await walk.followed(1);
  await walk.pull([540, 240], [640, 230]);
  const made = await walk.followed(2);
  await walk.picture("two-drags");
  const [left, right] = [inside(made, [130, 120, 190, 280]), inside(made, [500, 160, 580, 320])];
  for (const k of made.futures.keys()) {
    expect(way(made, k, left)[0]).toBeLessThan(-70);
    expect(way(made, k, right)[0]).toBeGreaterThan(70);
    // The first one is obeyed as before.
    expect(apart(made, one, k, left)).toBeLessThan(12);
  }
  await walk.thereAndBack(made, free);
});

/** A still of a clip, as a photo of its own. */
async function still(file: string, secs: number): Promise<string> {
  mkdirSync(MEDIA_DIR, { recursive: true });
  const path = join(MEDIA_DIR, `${file.split(".")[0]}.jpg`);
  const shape = ["-frames:v", "1", "-update", "1", "-q:v", "2", path];
  await encode(["-ss", String(secs), "-i", realClip(`real/${file}`), ...shape]);
  return path;
}

/** Median distance from the middle of the picture at the end, by that at "now". */
function enlarged(saved: Saved, future: number, points: readonly number[]): number {
  const far = ([x, y]: Place) => Math.hypot(x - 416, y - 240);
  const last = saved.futures[future].at(-1) ?? [];
  return median(points.map((n) => far(last[n]) / far(saved.history[n])));
}

test("the camera orbits on a photo", async ({ page }, info) => {
  const walk = new Walk(page, info);
  await walk.studio.visit();
  await walk.open(await still(CAR, 1.3));
  const free = await walk.saved();
  await walk.tool("Camera");
  await walk.pull([416, 300], [300, 300]);
  const made = await walk.followed(1);
  await walk.picture("orbited");
  const [far, near] = [inside(made, [200, 0, 640, 110]), inside(made, [200, 400, 640, 480])];
  for (const k of made.futures.keys()) {
    const added = (set: readonly number[]) => way(made, k, set)[0] - way(free, k, set)[0];
    expect(added(far) - added(near)).toBeGreaterThan(20);
  }
  await walk.thereAndBack(made, free);
});

test("a dolly zoom keeps what is looked at and moves what is behind", async ({ page }, info) => {
  const walk = new Walk(page, info);
  await walk.studio.visit();
  await walk.open(await still(STREET, 4.4));
  const free = await walk.saved();
  await walk.tool("Camera");
  await page.getByLabel("Camera move").selectOption("dolly-zoom");
  await walk.click([416, 300]);
  const made = await walk.followed(1);
  await walk.picture("dolly-zoom");
  const [far, near] = [inside(made, [100, 0, 740, 90]), inside(made, [100, 420, 740, 480])];
  for (const k of made.futures.keys()) {
    const grown = (set: readonly number[]) => enlarged(made, k, set) / enlarged(free, k, set);
    expect(Math.abs(Math.log(grown(far) / grown(near)))).toBeGreaterThan(0.05);
  }
  await walk.thereAndBack(made, free);
});

test("a dance is transferred to another picture", async ({ page }, info) => {
  const walk = new Walk(page, info);
  await walk.begin(DANCE);
  await walk.open(realClip(`real/${STREET}`));
  const free = await walk.saved();
  await walk.tool("Transfer");
  await expect(page.getByLabel("Motion of")).toContainText("sleap-dance");
  await walk.pull([400, 20], [660, 470]);
  await page.getByRole("button", { name: "Lay over the box" }).click();
  const made = await walk.followed(1);
  await walk.picture("transferred");
  const man = inside(made, [420, 40, 640, 460]);
  const ways = [...made.futures.keys()].map((k) => apart(made, free, k, man));
  expect(median(ways)).toBeGreaterThan(8);
  await walk.thereAndBack(made, free);
});

test("breathing is magnified", async ({ page }, info) => {
  const walk = new Walk(page, info);
  await walk.begin(STREET);
  const free = await walk.saved();
  await walk.tool("Magnify");
  await walk.pull([100, 110], [255, 310]);
  const made = await walk.followed(1);
  await walk.picture("magnified");
  const [inner, outer] = [inside(made, [120, 120, 240, 300]), inside(made, [660, 0, 832, 480])];
  // Of the future whose motion it is, between its ends: those stay where they were.
  const frames = [...made.futures[0].keys()];
  const most = (points: readonly number[]) =>
    Math.max(...frames.map((frame) => apart(made, free, 0, points, frame)));
  expect(most(inner)).toBeGreaterThan(2);
  expect(most(inner)).toBeGreaterThan(3 * most(outer));
  await walk.thereAndBack(made, free);
});

test("what a thing does in future 3 is put into future 5", async ({ page }, info) => {
  const walk = new Walk(page, info);
  await walk.begin(CAR);
  const free = await walk.saved();
  await walk.studio.futures
    .nth(2)
    .getByRole("button", { name: /^Future/ })
    .click();
  // On a dot: beside it, tracks of the ground pass over the car.
  await walk.click([624, 304]);
  await page.keyboard.press("g");
  await expect(walk.studio.status).toContainText("points move together");
  await walk.studio.futures
    .nth(2)
    .getByRole("button", { name: /^Future/ })
    .click();
  for (const k of [0, 1, 2, 3]) {
    await walk.studio.futures
      .nth(k)
      .getByRole("button", { name: /^Keep seed/ })
      .click();
  }
  await expect(page.getByLabel("Whose motion is meant")).toHaveValue("3");
  await page.getByRole("button", { name: "Use this motion" }).click();
  const rows = page.getByRole("list", { name: "Edits", exact: true }).getByRole("listitem");
  await expect(rows).toHaveCount(1);
  await expect(walk.studio.status).toHaveText(FOLLOWED);
  const made = await walk.saved();
  await walk.picture("three-in-five");
  const points = made.edits[0].points ?? [];
  expect(points.length).toBeGreaterThan(8);
  const moved = apart(made, free, 4, points);
  expect(moved).toBeGreaterThan(2);
  await walk.studio.futures
    .nth(4)
    .getByRole("button", { name: /^Future/ })
    .click();
  const off = /Future 5 is off by ([\d.]+) px/.exec((await rows.textContent()) ?? "");
  expect(Number(off?.[1] ?? Number.NaN)).toBeLessThan(0.5);
  await walk.picture("three-in-five-alone");
  // Those that are locked stay as they were.
  for (const k of [0, 1, 2, 3]) expect(made.futures[k]).toEqual(free.futures[k]);
  await walk.studio.futures
    .nth(4)
    .getByRole("button", { name: /^Future/ })
    .click();
  await walk.thereAndBack(made, free);
});

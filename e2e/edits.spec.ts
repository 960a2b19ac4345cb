import { expect, test } from "@playwright/test";
import { discPlace, stagePlaces } from "./stage.ts";
import { StudioPage } from "./studio.ts";

/** Users say where a point has to be, or where a thing goes; the futures follow. */

test.use({ actionTimeout: 60_000 });

const FOLLOWED = "The futures follow the edits";

interface Saved {
  readonly version: number;
  readonly edits?: readonly {
    readonly points: readonly number[];
    readonly frames: readonly [number, number];
    readonly at: readonly [number, number];
  }[];
  readonly futures: readonly { readonly tracksTN2: readonly (readonly [number, number][])[] }[];
}

/** What edits change of a saved forecast; what really happened may arrive meanwhile. */
async function saved(studio: StudioPage): Promise<Saved> {
  const text = (await studio.save("Foretrack JSON")).bytes.toString();
  const { version, edits, futures } = JSON.parse(text) as Saved;
  return { version, futures, ...(edits ? { edits } : {}) };
}

/** Farthest that any future is from the pin, px. */
function missPx({ edits, futures }: Saved): number {
  const [pin] = edits ?? [];
  return Math.max(
    ...futures.map(({ tracksTN2 }) => {
      const [x, y] = tracksTN2[pin.frames[0]][pin.points[0]];
      return Math.hypot(x - pin.at[0], y - pin.at[1]);
    }),
  );
}

test("a pin is dragged, followed exactly, undone, kept over a reload, and exported", async ({
  page,
}, info) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("2");
  await expect(page.getByRole("radio", { name: "Pin" })).toBeDisabled();
  await studio.run(studio.forecast);
  const rows = page.getByRole("list", { name: "Edits", exact: true }).getByRole("listitem");
  const now = await studio.frameOf(studio.now);
  await studio.playhead.fill(String(now + 30));
  await page.getByRole("img", { name: "Stage" }).hover();
  await page.keyboard.press("p");
  await expect(page.getByRole("radio", { name: "Pin" })).toBeChecked();

  const place = await stagePlaces(page);
  await page.mouse.move(...place(401, 241));
  await page.mouse.down();
  await page.mouse.move(...place(440, 220), { steps: 4 });
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await page.mouse.move(...place(401, 241));
  await page.mouse.down();
  await page.mouse.move(...place(440, 220), { steps: 4 });
  await page.mouse.down({ button: "right" });
  await page.mouse.up({ button: "right" });
  await page.mouse.up();
  await expect(rows).toHaveCount(0);

  await page.mouse.move(...place(401, 241));
  await page.mouse.down();
  await page.mouse.move(...place(440, 220), { steps: 4 });
  await page.mouse.move(...place(500, 180), { steps: 4 });
  await page.screenshot({ path: info.outputPath("dragging.png") });
  await page.mouse.up();
  await expect(rows).toHaveCount(1);
  await expect(page.getByRole("spinbutton", { name: "Frame, Pin 1" })).toHaveValue("30");
  await expect(studio.status).toHaveText(FOLLOWED);
  await expect(page.getByText("made with other edits")).toHaveCount(0);
  const followed = await saved(studio);
  expect(followed.version).toBe(2);
  expect(followed.edits?.[0].frames).toEqual([29, 29]);
  expect(
    Math.hypot(...[500, 180].map((v, i) => v - (followed.edits?.[0].at[i] ?? 0))),
  ).toBeLessThan(1);
  expect(missPx(followed)).toBeLessThan(0.5);
  await page.screenshot({ path: info.outputPath("followed.png") });

  await page.keyboard.press("Control+z");
  await expect(rows).toHaveCount(0);
  const free = await saved(studio);
  expect(free.version).toBe(1);
  expect(missPx({ ...free, edits: followed.edits ?? [] })).toBeGreaterThan(20);
  await page.keyboard.press("Control+Shift+z");
  await expect(rows).toHaveCount(1);
  expect(await saved(studio)).toEqual(followed);

  await expect(page.getByText("Saved in this browser")).toBeVisible();
  await page.reload();
  await expect(studio.status).toContainText("is back as you left it");
  await expect(rows).toHaveCount(1);
  expect(await saved(studio)).toEqual(followed);
});

test("a pin is set by two clicks, and by numbers alone", async ({ page }, info) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("1");
  await studio.run(studio.forecast);
  const rows = page.getByRole("list", { name: "Edits", exact: true }).getByRole("listitem");

  await page.getByRole("textbox", { name: /Picked points/ }).fill("4-7");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Add pin" }).press("Enter");
  await page.getByRole("spinbutton", { name: "Frame, Pin 1" }).fill("40");
  await page.getByRole("spinbutton", { name: "x, Pin 1" }).fill("321");
  await page.getByRole("spinbutton", { name: "y, Pin 1" }).fill("98.5");
  await expect(page.getByText("Future 1 is made with other edits")).toBeVisible();
  await studio.run(studio.forecast);
  const typed = await saved(studio);
  expect(typed.edits?.[0]).toMatchObject({ points: [84], frames: [39, 39], at: [321, 98.5] });
  expect(missPx(typed)).toBeLessThan(0.5);
  await page.getByRole("button", { name: "Remove Pin 1" }).click();
  await expect(rows).toHaveCount(0);

  await page.getByRole("radio", { name: "Pin" }).check();
  await page.keyboard.press("n");
  const place = await stagePlaces(page);
  await page.mouse.click(...place(400, 240));
  await expect(rows).toHaveCount(0);
  await page.mouse.click(...place(460, 250));
  await expect(rows).toHaveCount(1);
  await expect(studio.status).toHaveText(FOLLOWED);
  await expect(page.getByRole("spinbutton", { name: "Frame, Pin 1" })).toHaveValue("81");
  await studio.playhead.press("End");
  await page.getByRole("radio", { name: "Space-time" }).check();
  await expect.poll(() => discPlace(page).catch(() => null)).not.toBeNull();
  const [x, y] = await discPlace(page);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y - 40, { steps: 4 });
  await page.mouse.up();
  // The disc went along and not the camera; x stays where the picture's vertical is the screen's.
  await expect.poll(async () => Math.round((await discPlace(page))[1] - y)).toBe(-40);
  await expect(page.getByRole("spinbutton", { name: "y, Pin 1" })).not.toHaveValue("250");
  await page.screenshot({ path: info.outputPath("space-time.png") });
  await page.keyboard.press("Delete");
  await expect(rows).toHaveCount(0);
  expect(studio.problems).toEqual([]);
});

test("a drag shows what it does while it is drawn, is followed at release, and is one step", async ({
  page,
}, info) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("2");
  await studio.run(studio.forecast);
  const before = await saved(studio);
  const rows = page.getByRole("list", { name: "Edits", exact: true }).getByRole("listitem");
  await page.getByRole("radio", { name: "Drag" }).check();
  const place = await stagePlaces(page);
  // Only the futures are compared, not what the tool draws over them.
  await page.locator("canvas[aria-hidden=true]").evaluate((sheet: HTMLElement) => {
    sheet.style.visibility = "hidden";
  });
  const seen = () => page.getByRole("img", { name: "Stage" }).screenshot();

  await page.mouse.move(...place(401, 241));
  await page.mouse.down();
  await page.mouse.move(...place(440, 200), { steps: 4 });
  await expect.poll(async () => (await seen()).equals(await seen())).toBe(true);
  const near = await seen();
  await page.mouse.move(...place(520, 140), { steps: 4 });
  await expect.poll(async () => (await seen()).equals(near)).toBe(false);
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await expect(rows).toHaveCount(0);
  expect(await saved(studio)).toEqual(before);

  await page.mouse.move(...place(401, 241));
  await page.mouse.down();
  await page.mouse.move(...place(520, 140), { steps: 8 });
  await page.screenshot({ path: info.outputPath("drawing.png") });
  await page.mouse.up();
  await expect(rows).toHaveCount(1);
  await expect(studio.status).toHaveText(FOLLOWED);
  await expect(page.getByText("made with other edits")).toHaveCount(0);
  await expect(rows.getByText("0.0 px")).toBeVisible();
  await expect(page.getByText(/points without an edit moved by [\d.]+ px/)).toBeVisible();
  const followed = await saved(studio);
  const middle = 7 * 26 + 12;
  for (const [i, { tracksTN2 }] of followed.futures.entries()) {
    const free = before.futures[i].tracksTN2;
    const [x, y] = tracksTN2[80][middle];
    // From its place at "now" to the end of the way: 119 right, 101 up.
    const [atX, atY] = [x - 119, y + 101];
    expect(Math.hypot(atX - 400, atY - 240)).toBeLessThan(24);
    expect(tracksTN2[80]).not.toEqual(free[80]);
  }
  await page.screenshot({ path: info.outputPath("followed.png") });

  await page.keyboard.press("Control+z");
  await expect(rows).toHaveCount(0);
  expect(await saved(studio)).toEqual(before);
  await page.keyboard.press("Control+Shift+z");
  await expect(rows).toHaveCount(1);
  expect(await saved(studio)).toEqual(followed);
  await expect(page.getByText("Saved in this browser")).toBeVisible();
  await page.reload();
  await expect(studio.status).toContainText("is back as you left it");
  expect(await saved(studio)).toEqual(followed);
  expect(studio.problems).toEqual([]);
});

test("an edit is a bar in time: moved and trimmed by the pointer and by keys", async ({ page }) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("1");
  await studio.run(studio.forecast);
  await page.getByRole("button", { name: "Add drag" }).press("Enter");
  await page.getByRole("spinbutton", { name: "Right, Drag 1" }).fill("60");
  const bar = page.getByRole("list", { name: "Edits in time" }).getByRole("button");
  const last = page.getByRole("spinbutton", { name: "To, Drag 1" });
  await expect(bar).toHaveAccessibleName("Drag 1, frames 1 to 81");

  const box = await bar.boundingBox();
  if (!box) throw new Error("no bar");
  const middle = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width - 1, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, middle, { steps: 4 });
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await expect(last).toHaveValue("81");
  await page.mouse.move(box.x + box.width - 1, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, middle, { steps: 4 });
  await page.mouse.up();
  await expect(bar).toHaveAccessibleName("Drag 1, frames 1 to 41");
  await expect(last).toHaveValue("41");
  await expect(studio.status).toHaveText(FOLLOWED);
  await page.keyboard.press("Control+z");
  await expect(bar).toHaveAccessibleName("Drag 1, frames 1 to 81");
  await page.keyboard.press("Control+Shift+z");

  await bar.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowLeft");
  await expect(bar).toHaveAccessibleName("Drag 1, frames 3 to 42");
  await expect(page.getByText("Future 1 is made with other edits")).toBeVisible();
  const isPressed = await bar.getAttribute("aria-pressed");
  await page.keyboard.press("Enter");
  await expect(bar).toHaveAttribute("aria-pressed", String(isPressed !== "true"));
  expect(studio.problems).toEqual([]);
});

test("an area is brushed and stays where it is; the border is held by one button", async ({
  page,
}, info) => {
  const studio = new StudioPage(page);
  await studio.visit("tiny");
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("1");
  await studio.run(studio.forecast);
  const rows = page.getByRole("list", { name: "Edits", exact: true }).getByRole("listitem");
  await page.getByRole("img", { name: "Stage" }).hover();
  await page.keyboard.press("a");
  await expect(page.getByRole("radio", { name: "Area" })).toBeChecked();
  const place = await stagePlaces(page);
  await page.mouse.move(...place(300, 200));
  await page.mouse.down();
  await page.mouse.move(...place(420, 260), { steps: 6 });
  await page.screenshot({ path: info.outputPath("brushing.png") });
  await page.mouse.up();
  await expect(rows).toHaveCount(1);
  await expect(studio.status).toHaveText(FOLLOWED);
  await expect(rows.getByText("0.0 px")).toBeVisible();
  await page.screenshot({ path: info.outputPath("held.png") });
  const { edits, futures } = await saved(studio);
  const points = edits?.[0].points ?? [];
  expect(points.length).toBeGreaterThan(5);
  const [{ tracksTN2 }] = futures;
  for (const point of points) {
    expect(tracksTN2[80][point][0]).toBeCloseTo(tracksTN2[0][point][0], 1);
    expect(tracksTN2[80][point][1]).toBeCloseTo(tracksTN2[0][point][1], 1);
  }
  await page.keyboard.press("Control+z");
  await expect(rows).toHaveCount(0);
  await page.getByRole("button", { name: "Hold border" }).press("Enter");
  await expect(rows).toContainText(["Border 1"]);
  await page.getByRole("spinbutton", { name: "To, Border 1" }).fill("12");
  await expect(
    page.getByRole("list", { name: "Edits in time" }).getByRole("button"),
  ).toHaveAccessibleName("Border 1, frames 1 to 12");
  await expect(page.getByText("Future 1 is made with other edits")).toBeVisible();
  await page.screenshot({ path: info.outputPath("border.png") });
  expect(studio.problems).toEqual([]);
});

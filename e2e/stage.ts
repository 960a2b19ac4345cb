import type { Page } from "@playwright/test";

/** Places of the page where the overlay shows positions of the working frame, 832×480. */
export async function stagePlaces(page: Page) {
  const box = await page.getByRole("img", { name: "Stage" }).boundingBox();
  if (!box) throw new Error("no stage");
  const scale = Math.min((box.width - 20) / 832, (box.height - 20) / 480);
  return (x: number, y: number) =>
    [
      box.x + box.width / 2 + (x + 0.5 - 416) * scale,
      box.y + box.height / 2 + (y + 0.5 - 240) * scale,
    ] as const;
}

/** Where on the page the filled disc of a mark is: its edit holds in the frame under the playhead. */
export async function discPlace(page: Page): Promise<readonly [number, number]> {
  const place = await page.evaluate(() => {
    const sheet = document.querySelector<HTMLCanvasElement>("canvas[aria-hidden=true]");
    const context = sheet?.getContext("2d");
    if (!sheet || !context) return null;
    const { width, height, clientWidth } = sheet;
    const { data } = context.getImageData(0, 0, width, height);
    const isPink = (x: number, y: number) => {
      const o = 4 * (y * width + x);
      return data[o] > 240 && data[o + 1] < 110 && data[o + 2] > 140 && data[o + 3] > 250;
    };
    for (let y = 2; y < height - 2; y++) {
      for (let x = 2; x < width - 2; x++) {
        const around = [-2, 0, 2].flatMap((dy) => [-2, 0, 2].map((dx) => isPink(x + dx, y + dy)));
        if (!around.every(Boolean)) continue;
        const { left, top } = sheet.getBoundingClientRect();
        const scale = clientWidth / width;
        return [left + (x + 1) * scale, top + (y + 1) * scale] as const;
      }
    }
    return null;
  });
  if (!place) throw new Error("no mark holds in this frame");
  return place;
}

import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { MEDIA_DIR, makeMedia } from "./media/make.ts";
import { StudioPage } from "./studio.ts";
import { serveTinyModel } from "./tiny-model.ts";

/** Browsers that lack a part: the page says so clearly, and the rest of it works. */

test.use({ actionTimeout: 60_000, viewport: { width: 1000, height: 640 } });

test("without WebGL the page says so, forecasts and exports", async ({ page }, info) => {
  await page.addInitScript(() => {
    const { getContext } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.getContext = function (
      this: HTMLCanvasElement,
      ...args: unknown[]
    ) {
      const [kind] = args;
      const isWebgl = typeof kind === "string" && kind.startsWith("webgl");
      return isWebgl ? null : Reflect.apply(getContext, this, args);
    } as typeof getContext;
  });
  await serveTinyModel(page);
  const studio = new StudioPage(page);
  await studio.visit();
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await expect(studio.status).toContainText("is open", { timeout: 60_000 });
  const view = page.getByRole("alert").filter({ hasText: "gave no WebGL2" });
  await expect(view).toContainText("Forecasts and exports of tracks work without the view");
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill("2");
  await studio.run(studio.forecast);
  // A run does not hide why the stage is empty.
  await expect(view).toBeVisible();
  await page.screenshot({ path: info.outputPath("no-webgl.png") });
  const document = JSON.parse((await studio.save("Foretrack JSON")).bytes.toString());
  expect(document).toBeTruthy();
  await studio.export.click();
  await page.getByRole("radio", { name: "This view", exact: true }).check();
  await page.getByRole("button", { name: "Download" }).click();
  await expect(page.getByText("There is no view to draw the picture with")).toBeVisible();
  await page.screenshot({ path: info.outputPath("no-webgl-export.png") });
  expect(studio.problems).toEqual([]);
});

for (const lack of ["nothing", "WebCodecs"] as const) {
  test(`a protected clip is named as such where the browser lacks ${lack}`, async ({ page }) => {
    await makeMedia();
    if (lack === "WebCodecs") {
      await page.route("**/decode.worker-*.js", async (route) => {
        const response = await route.fetch();
        const body = `delete self.VideoDecoder;\n${await response.text()}`;
        await route.fulfill({ response, body });
      });
    }
    const studio = new StudioPage(page);
    await studio.visit();
    await studio.open.setInputFiles(join(MEDIA_DIR, "encrypted.mp4"));
    const alert = page.getByRole("alert");
    await expect(alert).toContainText("The video is protected (DRM)", { timeout: 60_000 });
    await expect(alert).toContainText("Use a copy without protection");
    await alert.getByRole("button", { name: "Dismiss" }).click();
    await studio.openFile(join(MEDIA_DIR, "mpeg4.avi"));
  });
}

import { expect, test } from "@playwright/test";
import { onlyHere, realClip } from "./real-clips.ts";
import { StudioPage } from "./studio.ts";

test.use({ actionTimeout: 60_000 });

const TURNS = "Unknown: the camera only stands";

/** How the camera of a real clip moves, and what is said where no depth can be known then. */
const CLIPS = [
  { camera: "a drone", file: "real/anjalishukla143-travelplannerwebsite-kyatanamakki-bdb5_00.mp4" },
  { camera: "a dashcam", file: "real/dalgu90-opencv-tutorial-car-6759_00.mp4" },
  { camera: "a walking camera", file: "real/aryakarthi-adventours-trekking-2b84_00.mp4" },
  { camera: "an orbit", file: "real/jeromeetienne-ar-js-magic-book-cab2_00.mp4" },
  { camera: "hand-held", file: "real/bijustin-video-segmentation-dog-3986_00.mp4" },
  { camera: "standing", file: "originals/p5_crosswalk.mp4", unknown: TURNS },
  { camera: "a pan", file: "real/carguo-gsyvideoplayer-test1-3769_01.mp4", unknown: TURNS },
  {
    camera: "a pan of a long lens",
    file: "real/bijustin-video-segmentation-lucia-512f_00.mp4",
    unknown: "Unknown: two reliefs",
  },
  { camera: "a zoom", file: "real/pytorch-torchcodec-nasa-13013-2c42_01.mp4", unknown: TURNS },
].map((clip) => ({ unknown: "", ...clip, path: realClip(clip.file) }));

for (const { camera, path, unknown } of onlyHere(CLIPS)) {
  test(`${camera}: ${unknown ? "no relief, and why" : "relief, to be looked at"}`, async ({
    page,
  }, info) => {
    test.setTimeout(300_000);
    const studio = new StudioPage(page);
    await studio.visit("tiny");
    await studio.openFile(path);
    await page.getByRole("radio", { name: "Space", exact: true }).check({ force: true });
    const panel = page
      .locator("section")
      .filter({ has: page.getByRole("heading", { name: "Relief" }) });
    await panel.getByRole("button", { name: "Find relief" }).click();
    const status = panel.getByRole("status");
    await expect(status).toContainText(/still \d|Unknown/, { timeout: 240_000 });
    info.annotations.push({ type: "relief", description: (await status.textContent()) ?? "" });
    if (unknown) {
      await expect(status).toContainText(unknown);
      await expect(page.getByText("No depth is known")).toBeVisible();
    } else {
      await expect(status).toContainText(/still \d/);
      await expect(page.getByRole("img", { name: "Space view" })).toBeVisible();
      for (const from of ["From the clip’s camera at “now”", "Above"]) {
        await page.getByRole("button", { name: from }).click();
        await page.waitForTimeout(1000);
        await page.screenshot({ path: info.outputPath(`${from.split(" ")[0]}.png`) });
      }
    }
    expect(studio.problems).toEqual([]);
  });
}

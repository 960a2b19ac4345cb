import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";

const FOLDER = resolve(import.meta.dirname, "../src/workers/inference/testdata/tiny-pack");

/** Changes a file on its way: other bytes, "abort" for a broken line, "missing" for a 404. */
export type Tamper = (name: string, bytes: Buffer) => Buffer | "abort" | "missing";

/** A model of a few kilobytes in the place of the shipped one. */
export async function serveTinyModel(
  page: Page,
  tamper: Tamper = (_, bytes) => bytes,
): Promise<void> {
  // Of the context, so that a second page of the test has it too.
  await page.context().route("**/packs/compact/*", async (route) => {
    const name = new URL(route.request().url()).pathname.split("/").at(-1) ?? "";
    const answer = tamper(name, await readFile(join(FOLDER, name)));
    if (answer === "abort") await route.abort();
    else if (answer === "missing") await route.fulfill({ status: 404 });
    else await route.fulfill({ body: answer });
  });
}

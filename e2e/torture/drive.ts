import type { Page } from "@playwright/test";
import type { Case } from "./corpus.ts";

/** What became of one file in the page. */
export interface Outcome {
  readonly name: string;
  readonly group: string;
  readonly result: Result;
  /** Frames where it opened, else the message that the user saw. */
  readonly says: string;
  readonly millis: number;
}

/**
 * `opened`: first and last picture are on stage. `refused`, `unreadable`: a typed message, on
 * opening or on reading. `untyped`: a message that names no remedy of its own.
 */
export type Result = "opened" | "refused" | "unreadable" | "untyped" | "hang" | "crash";

export const BAD_RESULTS: readonly Result[] = ["untyped", "hang", "crash"];

/** The longest that one file may take. */
export const PATIENCE_MILLIS = 20_000;
/** Remedy that goes with a failure that no part of the studio foresaw. */
const UNFORESEEN = "Your work is untouched. Try again; if it repeats, reload the page.";

interface Shown {
  readonly status: string;
  readonly message: string | null;
  readonly remedy: string;
  /** Working frame whose picture is on stage; −1 while there is none. */
  readonly picture: number;
}

/** Opens the file in the page as a user does, then looks at its first and its last frame. */
export async function drive(page: Page, file: Case): Promise<Outcome> {
  const { name, group } = file;
  const buffer = Buffer.from(await file.bytes());
  const began = performance.now();
  const outcome = (result: Result, says: string): Outcome => ({
    name,
    group,
    result,
    says,
    millis: Math.round(performance.now() - began),
  });
  try {
    await dismissNotice(page);
    await page.getByLabel("Open clip").setInputFiles({ name, mimeType: "", buffer });
    const left = () => PATIENCE_MILLIS - (performance.now() - began);
    const opening = await shown(
      page,
      left(),
      (now) => now.message !== null || now.status.startsWith(`${name} is open`),
    );
    if (!opening) return outcome("hang", "while opening");
    if (opening.message !== null) return outcome(failure(opening, "refused"), opening.message);
    const frames = /(\d+) frames/.exec(opening.status);
    const last = frames ? Number(frames[1]) - 1 : 0;
    for (const index of last > 0 ? [0, last] : [0]) {
      await page.getByRole("slider", { name: "Playhead" }).fill(String(index + 1));
      const look = await shown(
        page,
        left(),
        (now) => now.message !== null || now.picture === index,
      );
      if (!look) return outcome("hang", `at frame ${index + 1} of ${last + 1}`);
      if (look.message !== null) return outcome(failure(look, "unreadable"), look.message);
    }
    return outcome("opened", frames?.[0] ?? "1 frame");
  } catch (error) {
    return outcome("crash", String(error).split("\n")[0]);
  }
}

function failure({ remedy }: Shown, kind: "refused" | "unreadable"): Result {
  return remedy === "" || remedy === UNFORESEEN ? "untyped" : kind;
}

async function dismissNotice(page: Page): Promise<void> {
  const dismiss = page.getByRole("button", { name: "Dismiss" });
  if (await dismiss.isVisible()) await dismiss.click();
}

/** What the page shows once `isSettled`; null when it never does. */
async function shown(
  page: Page,
  timeout: number,
  isSettled: (now: Shown) => boolean,
): Promise<Shown | null> {
  const until = performance.now() + timeout;
  while (performance.now() < until) {
    const now = await page.evaluate(() => {
      const alert = document.querySelector("[role=alert]");
      const stage = document.querySelector<HTMLElement>("[data-picture]");
      return {
        status: document.querySelector("[role=status]")?.textContent ?? "",
        message: alert?.querySelector("strong")?.textContent ?? null,
        remedy: alert?.querySelector("p")?.textContent ?? "",
        picture: Number(stage?.dataset.picture ?? -1),
      };
    });
    if (isSettled(now)) return now;
    await new Promise((done) => setTimeout(done, 40));
  }
  return null;
}

import type { Page } from "@playwright/test";
import { type Memory, measureMemory } from "./memory.ts";

/** Memory after so many resamples. */
export interface Reading extends Memory {
  readonly resamples: number;
}

/**
 * Forecasts the crossing sample, then resamples `count` times; reads the memory `readings` times on
 * the way, the first time once undo holds all that it may.
 */
export async function resampleOften(
  page: Page,
  { count, futures, readings }: { count: number; futures: number; readings: number },
  onReading: (reading: Reading) => void = () => undefined,
): Promise<Reading[]> {
  const status = page.getByRole("status", { name: "Status" });
  const press = async (name: string) => {
    await page.getByRole("button", { name }).click();
    await status.filter({ hasText: /^Forecast ready$/ }).waitFor({ timeout: 400_000 });
  };
  await page.getByRole("button", { name: /^Crossing/ }).click();
  await status.filter({ hasText: "is open" }).waitFor({ timeout: 60_000 });
  await page.getByRole("spinbutton", { name: "How many to sample" }).fill(String(futures));
  // Fewer lines are drawn sooner; their buffers are as large.
  await page.getByRole("slider", { name: "Points" }).fill("0");
  await press("Forecast");
  // Until it is tracked, the frames of what really happened come and go in a worker.
  await page.getByText(/^minADE/).waitFor({ timeout: 200_000 });
  const filled = Math.ceil(UNDO_FUTURES / futures) + 2;
  const marks = Array.from({ length: readings }, (_, i) =>
    Math.round(filled + (i * (count - filled)) / (readings - 1)),
  );
  const taken: Reading[] = [];
  for (let done = 1; done <= count; done++) {
    await press("Resample");
    if (!marks.includes(done)) continue;
    const reading = { resamples: done, ...(await measureMemory(page)) };
    taken.push(reading);
    onReading(reading);
  }
  return taken;
}

/** Futures that undo may hold; see documentSlice. */
const UNDO_FUTURES = 128;

/** Largest growth over the first reading, as a share of it. */
export function growth(readings: readonly Reading[], of: (reading: Reading) => number): number {
  const first = of(readings[0]);
  return Math.max(...readings.map((reading) => of(reading) / first - 1));
}

import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

/** Memory of the page with all its workers, in bytes. */
export interface Memory {
  /** JavaScript, array buffers and WebAssembly, as the browser counts them. */
  readonly counted: number;
  /** Resident memory of the page's process; 0 where the system does not tell. */
  readonly resident: number;
  readonly workers: number;
}

/** Needs a page that is cross-origin isolated, in a browser with eager measurement. */
export const EAGER_MEASUREMENT = "--enable-blink-features=ForceEagerMeasureMemory";

/** Collects garbage first. */
export async function measureMemory(page: Page): Promise<Memory> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.collectGarbage");
  const counted = await page.evaluate(async () => {
    const { measureUserAgentSpecificMemory } = performance as unknown as {
      measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }>;
    };
    const measured = await measureUserAgentSpecificMemory?.call(performance);
    return measured?.bytes ?? 0;
  });
  await devtools.detach();
  return { counted, resident: await residentBytes(page), workers: page.workers().length };
}

async function residentBytes(page: Page): Promise<number> {
  const browser = page.context().browser();
  if (!browser) return 0;
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  await devtools.detach();
  // The one page of this browser is its largest renderer.
  const sizes = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => rss(id));
  return Math.max(0, ...sizes);
}

function rss(pid: number): number {
  try {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return line ? Number(line[1]) * 1024 : 0;
  } catch {
    return 0;
  }
}

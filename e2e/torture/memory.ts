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
  const pid = await pageProcess(page);
  return { counted, resident: pid ? rss(pid) : 0, workers: page.workers().length };
}

/** Process of the page with its workers; null where nothing is known. */
export async function pageProcess(page: Page): Promise<number | null> {
  const browser = page.context().browser();
  if (!browser) return null;
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  await devtools.detach();
  // The one page of this browser is its largest renderer.
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  return renderers.sort((a, b) => rss(b) - rss(a))[0] ?? null;
}

function rss(pid: number): number {
  try {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return line ? Number(line[1]) * 1024 : 0;
  } catch {
    return 0;
  }
}

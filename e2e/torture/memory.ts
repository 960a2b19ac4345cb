import { readFileSync } from "node:fs";
import type { Browser, Page } from "@playwright/test";

/** Memory of the page with all its workers, in bytes. */
export interface Memory {
  /** JavaScript, array buffers and WebAssembly, as the browser counts them. */
  readonly counted: number;
  /** Resident memory of the page's process; 0 where the system does not tell. */
  readonly resident: number;
  readonly workers: number;
}

const PATIENCE_MILLIS = 2000;

/** What a browser is started with so that its memory can be measured. */
export const MEASURABLE = ["--enable-blink-features=ForceEagerMeasureMemory"];

/** Collects garbage first, in the workers too. Needs a page that is cross-origin isolated. */
export async function measureMemory(page: Page): Promise<Memory> {
  await collectGarbage(page);
  const counted = await page.evaluate(async () => {
    const { measureUserAgentSpecificMemory } = performance as unknown as {
      measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }>;
    };
    const measured = await measureUserAgentSpecificMemory?.call(performance);
    return measured?.bytes ?? 0;
  });
  const resident = Math.max(
    0,
    ...(await pageProcesses(page)).map((pid) => residentBytes(pid, "VmRSS")),
  );
  return { counted, resident, workers: page.workers().length };
}

/** By the debugger's protocol, which needs no `gc()` in the page's and its workers' scripts. */
async function collectGarbage(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.collectGarbage");
  const message = JSON.stringify({ id: 1, method: "HeapProfiler.collectGarbage" });
  const waiting = new Set<string>();
  devtools.on("Target.receivedMessageFromTarget", ({ sessionId }) => waiting.delete(sessionId));
  devtools.on("Target.detachedFromTarget", ({ sessionId }) => waiting.delete(sessionId));
  devtools.on("Target.attachedToTarget", ({ sessionId }) => {
    waiting.add(sessionId);
    // A worker that is gone by now has no garbage.
    devtools.send("Target.sendMessageToTarget", { message, sessionId }).catch(() => undefined);
  });
  await devtools.send("Target.setAutoAttach", {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  // Threads of a runtime that wait for work answer nothing.
  const until = performance.now() + PATIENCE_MILLIS;
  while (waiting.size > 0 && performance.now() < until) await pause(50);
  await devtools.detach();
}

function pause(millis: number): Promise<void> {
  return new Promise((done) => setTimeout(done, millis));
}

/** Largest resident memory of one of the browser's processes so far, in bytes; 0 without /proc. */
export async function peakResident(browser: Browser): Promise<number> {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  await devtools.detach();
  return Math.max(...processInfo.map(({ id }) => residentBytes(id, "VmHWM")));
}

/** Processes that run pages and their workers, the larger of them the page itself. */
export async function pageProcesses(page: Page): Promise<number[]> {
  const browser = page.context().browser();
  if (!browser) return [];
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  await devtools.detach();
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

function residentBytes(pid: number, field: "VmRSS" | "VmHWM"): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return 1024 * Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

import type { BackendReport } from "../../domain/ports.ts";
import type { RunSlice } from "../../store/slices/runSlice.ts";

type Readying = NonNullable<RunSlice["readying"]>;

/** Which runtime runs the model, for the foot of the page. */
export function backendWords({ backend, threads }: BackendReport): string {
  if (backend === "webgpu") return "Model on the GPU (WebGPU)";
  const name = backend === "wasm" ? "WebAssembly" : "Node";
  return `Model on the CPU (${name}, ${threads} ${threads === 1 ? "thread" : "threads"})`;
}

/** What the page does for the model while the user looks for a clip, for the foot of the page. */
export function readyingWords({ doneBytes, totalBytes }: Readying): string {
  if (totalBytes === 0) return "Getting the model ready";
  return `Getting the model ready: ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`;
}

/** How the session is kept, for the foot of the page, and what that means. */
export const KEEPING_WORDS = {
  writing: { words: "Saving…", about: "The session is being saved in this browser" },
  kept: { words: "Saved in this browser", about: "A reload brings everything back" },
  failed: { words: "Not saved", about: "The browser’s storage is full: a reload loses changes" },
} as const;

/** "about 12 s left", once there is enough done to tell; empty before. */
export function timeLeft(done: number, total: number, elapsedMillis: number): string {
  if (done <= 0 || total <= 0 || done >= total || elapsedMillis < 500) return "";
  const secs = (elapsedMillis / done) * (total - done) * 1e-3;
  return secs < 1.5 ? "about a second left" : `about ${formatSecs(secs)} left`;
}

export function formatSecs(secs: number): string {
  if (secs < 100) return `${Math.round(secs)} s`;
  return `${Math.round(secs / 60)} min`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

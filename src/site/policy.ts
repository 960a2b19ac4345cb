/** Threads in WebAssembly need cross-origin isolation. */
export const ISOLATION: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/**
 * What every file of the site may load. `https:` under connect-src is for one thing: the clip whose
 * address the user gives; nothing else asks another origin.
 */
const COMMON = [
  "default-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self' blob: data: https:",
  // mediabunny splits and joins transparent frames in workers made from blobs.
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
];

const policy = (script: string) => [...COMMON, `script-src ${script}`].join("; ");

export const PAGE_POLICY = policy("'self'");
/**
 * Decoder and runtimes compile WebAssembly. The glue of onnxruntime's WebGPU build holds a
 * `new Function` that our graphs never reach: e2e/policy-webgpu.spec.ts runs it under this policy.
 */
const WORKER_POLICY = policy("'self' 'wasm-unsafe-eval'");

/** A worker obeys the policy of its own script's response, not the page's. */
export function headersFor(path: string): Record<string, string> {
  return { ...ISOLATION, "Content-Security-Policy": policyFor(path) };
}

function policyFor(path: string): string {
  return /\.m?js$/.test(path) ? WORKER_POLICY : PAGE_POLICY;
}

/** The development server injects scripts and styles and talks over a socket. */
export const DEVELOPMENT_POLICY = [
  ...COMMON.filter((rule) => !/^(?:style|connect)-src/.test(rule)),
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self' blob: data: https: ws:",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'",
].join("; ");

import { headersFor } from "./policy.ts";
import type { SiteFile } from "./site-files.ts";

/**
 * Keeps the built site for visits without a network, and gives its answers the headers that some
 * static hosts do not send. One cache a build; files that did not change move over.
 */
declare const self: ServiceWorkerGlobalScope;
/** Filled in by the build: hashes of every file of the site. */
declare const SITE_FILES: readonly SiteFile[];
declare const SITE_VERSION: string;

const PREFIX = `foretrack-site:${new URL(self.registration.scope).pathname}:`;
const CACHE = PREFIX + SITE_VERSION;
const PACKS = "foretrack-packs";
const files = new Map(SITE_FILES.map((file) => [urlOf(file.path), file]));
const start = urlOf("index.html");

self.addEventListener("install", (event) => {
  event.waitUntil(keep(SITE_FILES.filter((file) => file.isShell)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      await self.clients.claim();
      // The other files of the builds before are still of use to `keepRest`.
      for (const name of await oldCaches()) await dropStale(name);
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "keep-all") event.waitUntil(keepRest());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (!url.href.startsWith(self.registration.scope) || request.headers.has("range")) return;
  event.respondWith(answer(request, isStart(url) ? start : url.origin + url.pathname));
});

function urlOf(path: string): string {
  return new URL(path, self.registration.scope).href;
}

function isStart(url: URL): boolean {
  return urlOf("") === url.origin + url.pathname;
}

/**
 * Files named by their content come from the cache. All others come from the server where it
 * answers, so that a new build shows at once and never meets the old build's model.
 */
async function answer(request: Request, url: string): Promise<Response> {
  const file = files.get(url);
  const isNamedByContent = file?.path.startsWith("assets/") ?? false;
  const early = file && isNamedByContent ? await kept(file) : null;
  if (early) return early;
  try {
    return withHeaders(await fetch(request), new URL(url).pathname);
  } catch (error) {
    const late = file ? await kept(file) : null;
    if (late) return late;
    throw error;
  }
}

async function kept(file: SiteFile): Promise<Response | null> {
  const response = (await caches.match(keyOf(file))) ?? (await keptByPage(file));
  return response ? withHeaders(response, file.path) : null;
}

/**
 * The page keeps the files of the packs that it loads by itself (workers/pack/pack-cache.ts): here they
 * need not be fetched and kept a second time. Its keys hold the whole hash, of which ours is the beginning.
 */
async function keptByPage(file: SiteFile): Promise<Response | null> {
  if (!file.path.startsWith("packs/") || !(await caches.has(PACKS))) return null;
  const cache = await caches.open(PACKS);
  const start = `${urlOf(file.path)}?sha256=${file.hash}`;
  const isWhole = ({ url }: Request) => url.startsWith(start) && !url.includes("&part=");
  const key = (await cache.keys()).find(isWhole);
  return (key && (await cache.match(key))) ?? null;
}

/** Keys hold the content's hash: a file that changed never meets its older self. */
function keyOf(file: SiteFile): string {
  return `${urlOf(file.path)}?site=${file.hash}`;
}

/** All of them or an error: half a shell would not start. */
async function keep(wanted: readonly SiteFile[]): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(wanted.map((file) => keepOne(cache, file)));
}

async function keepOne(cache: Cache, file: SiteFile): Promise<void> {
  const key = keyOf(file);
  if ((await cache.match(key)) || (await keptByPage(file))) return;
  const moved = await caches.match(key);
  const request = new Request(urlOf(file.path), { cache: "no-cache", priority: "low" });
  const response = moved ?? (await fetch(request));
  if (!response.ok) throw new Error(`${file.path}: ${response.status}`);
  await cache.put(key, withHeaders(response, file.path));
}

/** Model pack, runtimes, samples: one after the other, so that the page's own loads go first. */
async function keepRest(): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const file of SITE_FILES) {
    // No room or no network: the next visit tries again.
    await keepOne(cache, file).catch(() => undefined);
  }
  for (const name of await oldCaches()) await caches.delete(name);
}

async function oldCaches(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
}

async function dropStale(name: string): Promise<void> {
  const current = new Set(SITE_FILES.map(keyOf));
  const cache = await caches.open(name);
  for (const request of await cache.keys()) {
    if (!current.has(request.url)) await cache.delete(request);
  }
}

/**
 * One that has the headers is given as it came: the browser keeps compiled WebAssembly beside what lies in
 * a cache or comes from the network, not beside what a service worker makes.
 */
function withHeaders(response: Response, path: string): Response {
  if (response.type === "opaqueredirect" || response.status === 0) return response;
  const wanted = Object.entries(headersFor(path));
  if (wanted.every(([name, value]) => response.headers.get(name) === value)) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of wanted) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

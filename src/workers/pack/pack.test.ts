import { readdirSync, readFileSync } from "node:fs";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { CancelledError, PackError } from "../../domain/errors.ts";
import type { Progress } from "../../domain/job.ts";
import { packBaseUrl, shelfUrl } from "../../domain/pack/location.ts";
import { blobPackSource } from "./blob-source.ts";
import { clearShelf, keptPackSource, shelvedSource } from "./kept-source.ts";
import { loadPack, loadPackFiles, readManifest, readStudioManifest } from "./load.ts";
import { sha256Hex } from "./sha256.ts";
import { packUrl, urlPackSource } from "./url-source.ts";
import { downloadZip } from "./zip-download.ts";
import { zipEntries } from "./zip-source.ts";

const FOLDER = new URL("../inference/testdata/tiny-pack/", import.meta.url);
const BASE = "https://studio.example/packs/tiny/";

function packFiles(): Map<string, Uint8Array<ArrayBuffer>> {
  return new Map(
    readdirSync(FOLDER).map((name) => [name, new Uint8Array(readFileSync(new URL(name, FOLDER)))]),
  );
}

function altered(files: Map<string, Uint8Array<ArrayBuffer>>, name: string) {
  const bytes = files.get(name)!.slice();
  bytes[bytes.length >> 1] ^= 1;
  return new Map(files).set(name, bytes);
}

/** A server of `files` that records what was asked for. */
function server(files: Map<string, Uint8Array<ArrayBuffer>>) {
  const log: string[] = [];
  const fetch = async (input: string | URL | Request) => {
    const name = String(input).slice(BASE.length);
    log.push(name);
    const bytes = files.get(name);
    return bytes ? new Response(bytes) : new Response(null, { status: 404 });
  };
  return { log, fetch: fetch as typeof globalThis.fetch };
}

/** The parts of CacheStorage that packs use; `put` may be made to fail. */
function memoryCaches(failPut = false) {
  const stored = new Map<string, Uint8Array<ArrayBuffer>>();
  const cache = {
    match: async (url: string) => (stored.has(url) ? new Response(stored.get(url)) : undefined),
    keys: async () => [...stored.keys()].map((url) => ({ url })),
    delete: async ({ url }: { url: string }) => stored.delete(url),
    put: async (url: string, response: Response) => {
      if (failPut) throw new DOMException("full", "QuotaExceededError");
      stored.set(url, new Uint8Array(await response.arrayBuffer()));
    },
  };
  return { stored, caches: { open: async () => cache } as unknown as CacheStorage };
}

test("a pack loads from an address, with progress in bytes up to the last one", async () => {
  const { fetch } = server(packFiles());
  const seen: Progress[] = [];
  const pack = await loadPack(urlPackSource(BASE, { fetch }), {
    onProgress: (progress) => seen.push(progress),
  });
  expect(pack.manifest.id).toBe("tiny");
  expect([...pack.files.keys()].sort()).toEqual(pack.manifest.files.map((f) => f.path).sort());
  expect(pack.goldens?.velocity.outputs.next_latent.dims).toEqual([1, 393, 4]);
  const total = pack.manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  expect(seen.at(-1)).toMatchObject({ done: total, total });
  const names = pack.manifest.files.map((file) => file.path);
  expect(seen.slice(0, names.length).map(({ item }) => item?.name)).toEqual(names);
  for (const { path, bytes } of pack.manifest.files) {
    const last = seen.filter(({ item }) => item?.name === path).at(-1);
    expect(last?.item).toEqual({ name: path, done: bytes, total: bytes });
  }
  seen.forEach(({ done }, i) => {
    if (i > 0) expect(done).toBeGreaterThanOrEqual(seen[i - 1].done);
  });
});

test("the second visit reads only the manifest from the network", async () => {
  const { fetch, log } = server(packFiles());
  const { caches } = memoryCaches();
  await loadPack(urlPackSource(BASE, { fetch, caches }));
  log.length = 0;
  await loadPack(urlPackSource(BASE, { fetch, caches }));
  expect(log).toEqual(["manifest.json"]);
});

test("a download that breaks off goes on where it stopped", async () => {
  const bytes = Uint8Array.from({ length: 20 * 2 ** 20 }, (_, i) => (i * 31) ^ (i >> 9));
  const entry = {
    path: "weights.bin",
    bytes: bytes.length,
    sha256: await sha256Hex(new Blob([bytes])),
  };
  const { caches, stored } = memoryCaches();
  const ranges: (string | null)[] = [];
  let broken = true;
  const fetch = (async (_: string, init?: RequestInit) => {
    const range = new Headers(init?.headers).get("range");
    ranges.push(range);
    const start = Number(/bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
    let at = start;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (broken && at >= 18 * 2 ** 20) return controller.error(new TypeError("network"));
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(at, at + 2 ** 20));
        at += 2 ** 20;
      },
    });
    return new Response(body, { status: range ? 206 : 200 });
  }) as typeof globalThis.fetch;
  const source = () => urlPackSource(BASE, { fetch, caches });
  await expect(source().file(entry, () => undefined)).rejects.toThrow(PackError);
  broken = false;
  const heard: number[] = [];
  const blob = await source().file(entry, (size) => heard.push(size));
  expect(ranges).toEqual([null, `bytes=${18 * 2 ** 20}-`]);
  expect(heard[0]).toBe(18 * 2 ** 20);
  expect(await sha256Hex(blob)).toBe(entry.sha256);
  await source().settle?.(entry, blob);
  // The parts go once the whole is kept.
  expect([...stored.keys()].filter((key) => key.includes("part="))).toEqual([]);
  expect([...stored.keys()]).toHaveLength(1);
});

test("a large download that is fast goes to the cache in parts, and is whole again at its end", async () => {
  const part = new Uint8Array(2 ** 20).fill(7);
  const size = 80;
  const entry = { path: "weights.bin", bytes: size * part.length, sha256: "" };
  let sent = 0;
  const fetch = (async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => (sent++ < size ? controller.enqueue(part) : controller.close()),
    });
    return new Response(body);
  }) as typeof globalThis.fetch;
  const { caches, stored } = memoryCaches();
  const blob = await urlPackSource(BASE, { fetch, caches }).file(entry, () => undefined);
  expect(blob.size).toBe(entry.bytes);
  expect([...stored.values()].map(({ length }) => length / part.length)).toEqual([32, 32]);
});

test("addresses of a folder or its manifest name the same pack", () => {
  const base = "https://studio.example/app/";
  const folderOf = (address: string) => packBaseUrl(packUrl(address, base).href);
  expect(folderOf("packs/a")).toBe("https://studio.example/app/packs/a/");
  expect(folderOf(" https://x.example/a/manifest.json?x=1 ")).toBe("https://x.example/a/");
  expect(() => packUrl("https://", base)).toThrow(PackError);
});

test("a zip at an address is known by its name or its type, and told of as it arrives", async () => {
  const zip = zipSync(Object.fromEntries(packFiles()), { level: 0 }) as Uint8Array<ArrayBuffer>;
  const answer = (type: string) =>
    (async () =>
      new Response(zip, {
        headers: { "content-type": type, "content-length": String(zip.length) },
      })) as typeof fetch;
  const heard: number[][] = [];
  const onBytes = (done: number, total: number) => void heard.push([done, total]);
  const get = (name: string, type: string) =>
    downloadZip({ url: `https://x.example/${name}`, onBytes, fetch: answer(type) });
  expect(await get("page", "text/html")).toBeNull();
  expect(heard).toEqual([]);
  for (const found of [await get("a.ZIP?x=1", "binary/x"), await get("a", "application/zip")]) {
    expect((await loadPack(blobPackSource(await zipEntries(found!)))).manifest.id).toBe("tiny");
  }
  expect(heard.at(-1)?.[1]).toBe(zip.length);
  const controller = new AbortController();
  const cancelled = downloadZip(
    { url: "https://x.example/a.zip", onBytes: () => controller.abort(), fetch: answer("") },
    { signal: controller.signal },
  );
  await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
});

test("a pack of files is kept and read back without them; the one before it gives way", async () => {
  const { caches, stored } = memoryCaches();
  const origin = "https://studio.example";
  const load = async (files: Map<string, Uint8Array<ArrayBuffer>>) => {
    const blobs = new Map([...files].map(([name, bytes]) => [name, new Blob([bytes])]));
    const source = blobPackSource(blobs);
    const manifest = await readManifest(source);
    const pack = { baseUrl: shelfUrl(manifest, origin), manifest };
    await loadPackFiles(shelvedSource(source, pack, caches), manifest);
    return pack;
  };
  const pack = await load(packFiles());
  expect(stored.size).toBe(pack.manifest.files.length);
  const back = await loadPack(keptPackSource(pack, caches));
  expect(back.manifest).toEqual(pack.manifest);
  expect(back.files.size).toBe(pack.manifest.files.length);

  // The same label with another file is another pack.
  const more = new TextEncoder().encode("words");
  const extra = {
    path: "words.txt",
    bytes: more.length,
    sha256: await sha256Hex(new Blob([more])),
  };
  const longer = JSON.stringify({ ...pack.manifest, files: [...pack.manifest.files, extra] });
  const other = await load(
    packFiles().set("manifest.json", new TextEncoder().encode(longer)).set(extra.path, more),
  );
  expect(other.manifest.id).toBe(pack.manifest.id);
  expect(stored.size).toBe(pack.manifest.files.length + 1);
  await expect(loadPack(keptPackSource(pack, caches))).rejects.toThrow(/no longer kept/);
  await clearShelf(caches, origin);
  await expect(loadPack(keptPackSource(other, caches))).rejects.toThrow(/no longer kept/);
});

test("a damaged cached file is loaded anew, and the right one kept", async () => {
  const { fetch, log } = server(packFiles());
  const { caches, stored } = memoryCaches();
  await loadPack(urlPackSource(BASE, { fetch, caches }));
  const key = [...stored.keys()].find((url) => url.includes("velocity.onnx"))!;
  const right = stored.get(key)!;
  stored.set(key, right.slice(1));
  log.length = 0;
  await loadPack(urlPackSource(BASE, { fetch, caches }));
  expect(log).toEqual(["manifest.json", "velocity.onnx"]);
  expect(stored.get(key)).toEqual(right);
});

test("a new pack at the same address replaces the old files in the cache", async () => {
  const { caches, stored } = memoryCaches();
  await loadPack(urlPackSource(BASE, { ...server(packFiles()), caches }));
  const count = stored.size;
  const files = packFiles();
  const manifest = JSON.parse(new TextDecoder().decode(files.get("manifest.json")!));
  const goldens = new TextEncoder().encode(
    new TextDecoder().decode(files.get("goldens.json")!).trimEnd(),
  );
  const entry = manifest.files.find((f: { path: string }) => f.path === "goldens.json");
  Object.assign(entry, { bytes: goldens.length, sha256: await sha256Hex(new Blob([goldens])) });
  files.set("goldens.json", goldens);
  files.set("manifest.json", new TextEncoder().encode(JSON.stringify(manifest)));
  await loadPack(urlPackSource(BASE, { ...server(files), caches }));
  expect(stored.size).toBe(count);
});

test("a cache without room never blocks", async () => {
  const { caches } = memoryCaches(true);
  const pack = await loadPack(urlPackSource(BASE, { ...server(packFiles()), caches }));
  expect(pack.manifest.id).toBe("tiny");
});

test("an altered, missing or unlisted file and a foreign manifest are explained", async () => {
  const load = (files: Map<string, Uint8Array<ArrayBuffer>>) =>
    loadPack(urlPackSource(BASE, server(files)));
  await expect(load(altered(packFiles(), "decode.onnx"))).rejects.toThrow(/decode\.onnx.*sha256/);
  const without = packFiles();
  without.delete("source.onnx");
  await expect(load(without)).rejects.toThrow(/source\.onnx answered 404/);
  const say = (json: unknown) =>
    new Map(packFiles()).set("manifest.json", new TextEncoder().encode(JSON.stringify(json)));
  await expect(load(say({ version: 7 }))).rejects.toThrow(/newer Foretrack/);
  await expect(load(say([]))).rejects.toBeInstanceOf(PackError);
  const manifest = JSON.parse(new TextDecoder().decode(packFiles().get("manifest.json")!));
  await expect(load(say({ ...manifest, kind: "other" }))).rejects.toThrow(/wrong at kind/);
  const climbing = { ...manifest.files[0], path: "../secret" };
  await expect(load(say({ ...manifest, files: [climbing] }))).rejects.toThrow(/wrong at files/);
  await expect(load(say({ ...manifest, files: [] }))).rejects.toThrow(/does not list/);
});

test("no connection is a PackError with its remedy, a cancel is a cancel", async () => {
  const offline = (async () => {
    throw new TypeError("Failed to fetch");
  }) as typeof fetch;
  await expect(loadPack(urlPackSource(BASE, { fetch: offline }))).rejects.toMatchObject({
    name: "PackError",
    remedy: expect.stringContaining("Check the connection"),
  });
  const controller = new AbortController();
  const cancelled = loadPack(urlPackSource(BASE, server(packFiles())), {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
});

test("a pack loads from a dropped folder or zip, in a folder of any name", async () => {
  const files = Object.fromEntries([...packFiles()].map(([name, b]) => [`my pack/${name}`, b]));
  for (const level of [0, 6] as const) {
    const zip = new Blob([zipSync(files, { level }) as Uint8Array<ArrayBuffer>]);
    const fromZip = await loadPack(blobPackSource(await zipEntries(zip)));
    expect(fromZip.manifest.id).toBe("tiny");
    await expect(zipEntries(zip.slice(0, zip.size - 1))).rejects.toThrow(PackError);
    await expect(zipEntries(zip.slice(9))).rejects.toThrow(PackError);
  }
  await expect(zipEntries(new Blob([new Uint8Array(50)]))).rejects.toThrow(PackError);
  expect(() => blobPackSource(new Map([["a/readme.txt", new Blob([])]]))).toThrow(/manifest/);
});

test("a page without the platform's digest finds the same hashes", async () => {
  for (const size of [0, 1, 55, 56, 63, 64, 65, 300_000]) {
    const blob = new Blob([Uint8Array.from({ length: size }, (_, i) => (i * 37) & 255)]);
    const without = await sha256Hex(blob, null);
    expect(without).toBe(await sha256Hex(blob));
  }
});

test("a pack of another size is refused by its name, before any of its files is read", async () => {
  const files = packFiles();
  const manifest = JSON.parse(new TextDecoder().decode(files.get("manifest.json")));
  const grid = { ...manifest.grid, rows: 5, columns: 7, width: 224, height: 160 };
  const frames = { history: 33, horizon: 33 };
  const small = JSON.stringify({ ...manifest, name: "Small", grid, frames });
  const blobs = new Map([["manifest.json", new Blob([small])]]);
  await expect(readStudioManifest(blobPackSource(blobs))).rejects.toThrow(
    /The pack Small was made for 224×160, 5×7 points, 33 frames ahead; Foretrack forecasts 832×480/,
  );
});

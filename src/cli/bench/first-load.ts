import { readFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

export interface LoadedFile {
  /** Below the build folder. */
  readonly path: string;
  readonly gzipBytes: number;
}

const IN_HTML = /(?:src|href)="\.\/([^"]+\.(?:js|css))"/g;
const STATIC_IMPORT =
  /(?:^|[;}\n])(?:import|export)\s*(?:[\w*{}\s,$]*?\bfrom)?\s*["'](\.[^"']+)["']/g;

/** The document, its scripts and styles, and everything that the scripts import statically. */
export async function firstLoad(folder: string): Promise<LoadedFile[]> {
  const html = await readFile(join(folder, "index.html"));
  const waiting = [...html.toString().matchAll(IN_HTML)].map((match) => match[1]);
  const files = new Map<string, number>([["index.html", gzipSync(html).length]]);
  for (let path = waiting.pop(); path; path = waiting.pop()) {
    if (files.has(path)) continue;
    const bytes = await readFile(join(folder, path));
    files.set(path, gzipSync(bytes).length);
    if (!path.endsWith(".js")) continue;
    for (const match of bytes.toString().matchAll(STATIC_IMPORT)) {
      waiting.push(normalize(join(dirname(path), match[1])));
    }
  }
  return [...files].map(([path, gzipBytes]) => ({ path, gzipBytes }));
}

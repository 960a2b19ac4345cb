import { readFile, stat } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PackError } from "../../domain/errors.ts";
import { blobPackSource } from "../../workers/pack/blob-source.ts";
import type { PackSource } from "../../workers/pack/load.ts";
import { zipEntries } from "../../workers/pack/zip-source.ts";

const SHIPPED = fileURLToPath(new URL("../../../public/packs/", import.meta.url));
const MANIFEST = "manifest.json";

/** The pack of that id among those that ship, or the pack at a folder, manifest or zip path. */
export async function findPack(idOrPath: string): Promise<PackSource> {
  const shipped = join(SHIPPED, idOrPath);
  for (const path of /^[\w.-]+$/.test(idOrPath) ? [shipped, idOrPath] : [idOrPath]) {
    const facts = await stat(path).catch(() => null);
    if (facts?.isDirectory()) return folderPackSource(path);
    if (facts && basename(path) === MANIFEST) return folderPackSource(resolve(path, ".."));
    if (facts && extname(path) === ".zip") {
      return blobPackSource(zipEntries(new Uint8Array(await readFile(path))));
    }
  }
  throw new PackError(
    `There is no model pack "${idOrPath}"`,
    "Give the id of a pack in public/packs or the path of a pack's folder.",
  );
}

/** A pack's folder on disk. */
export function folderPackSource(folder: string): PackSource {
  const read = async (path: string) => {
    try {
      return new Uint8Array(await readFile(join(folder, path)));
    } catch (error) {
      throw new PackError(`The pack in ${folder} lacks its file ${path}`, "Export it again.", {
        cause: error,
      });
    }
  };
  return {
    label: folder,
    manifest: () => read(MANIFEST),
    async file(entry, onBytes) {
      const bytes = await read(entry.path);
      onBytes(bytes.length);
      return bytes;
    },
  };
}

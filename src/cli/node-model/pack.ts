import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PackError } from "../../domain/errors.ts";
import { isAnimated } from "../../workers/decode/animation.ts";
import { blobBytes } from "../../workers/decode/bytes.ts";
import { fileKind, isImage } from "../../workers/decode/kind.ts";
import { blobPackSource } from "../../workers/pack/blob-source.ts";
import type { PackSource } from "../../workers/pack/load.ts";
import { zipEntries } from "../../workers/pack/zip-source.ts";

const SHIPPED = fileURLToPath(new URL("../../../public/packs/", import.meta.url));
const MANIFEST = "manifest.json";

/** The pack that ships for a file: that of one picture for photos, where it does. */
export async function packFor(path: string): Promise<string> {
  return (await ships("photo")) && (await isPhotoFile(path)) ? "photo" : "compact";
}

/** The pack of that id among those that ship; null where it does not. */
export async function findShippedPack(id: string): Promise<PackSource | null> {
  return (await ships(id)) ? folderPackSource(join(SHIPPED, id)) : null;
}

async function ships(id: string): Promise<boolean> {
  return (await stat(join(SHIPPED, id, MANIFEST)).catch(() => null)) !== null;
}

/** A GIF may be a clip; whether the file can be decoded, decoding it tells. */
async function isPhotoFile(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) return false;
  const file = blobBytes(await openAsBlob(path));
  const kind = await fileKind(file);
  return isImage(kind) && kind !== "image/gif" && !(await isAnimated(file, kind));
}

/** The pack of that id among those that ship, or the pack at a folder, manifest or zip path. */
export async function findPack(idOrPath: string): Promise<PackSource> {
  const shipped = join(SHIPPED, idOrPath);
  for (const path of /^[\w.-]+$/.test(idOrPath) ? [shipped, idOrPath] : [idOrPath]) {
    const facts = await stat(path).catch(() => null);
    if (facts?.isDirectory()) return folderPackSource(path);
    if (facts && basename(path) === MANIFEST) return folderPackSource(resolve(path, ".."));
    if (facts && extname(path) === ".zip") {
      return blobPackSource(await zipEntries(await openAsBlob(path)));
    }
  }
  throw new PackError(
    `There is no model pack "${idOrPath}"`,
    "Give the id of a pack in public/packs or the path of a pack's folder.",
  );
}

/** A pack's folder on disk. */
export function folderPackSource(folder: string): PackSource {
  const open = async (path: string) => {
    try {
      // A blob of a file is read when it is needed: packs may be larger than memory.
      return await openAsBlob(join(folder, path));
    } catch (error) {
      throw new PackError(`The pack in ${folder} lacks its file ${path}`, "Export it again.", {
        cause: error,
      });
    }
  };
  return {
    label: folder,
    manifest: async () => new Uint8Array(await (await open(MANIFEST)).arrayBuffer()),
    async file(entry, onBytes) {
      const blob = await open(entry.path);
      onBytes(blob.size);
      return blob;
    },
  };
}

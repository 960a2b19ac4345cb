import { PackError } from "../../domain/errors.ts";
import type { PackSource } from "./load.ts";

const MANIFEST = "manifest.json";

/**
 * A pack from files that the user chose or dropped: paths (with `/`) to blobs. The folder that holds
 * `manifest.json` is the pack's root.
 * @throws PackError where there is no manifest.
 */
export function blobPackSource(blobs: ReadonlyMap<string, Blob>): PackSource {
  const roots = [...blobs.keys()].filter((p) => p === MANIFEST || p.endsWith(`/${MANIFEST}`));
  const manifest = roots.sort((a, b) => a.length - b.length)[0];
  if (manifest === undefined) {
    throw new PackError(
      "There is no manifest.json among the files",
      "Choose the whole folder of a model pack, or its zip.",
    );
  }
  const root = manifest.slice(0, -MANIFEST.length);
  const find = (path: string) => {
    const blob = blobs.get(root + path);
    if (blob) return blob;
    throw new PackError(`The pack lacks its file ${path}`, "Choose the whole folder.");
  };
  return {
    label: root.replace(/\/$/, "") || "the chosen files",
    manifest: async () => new Uint8Array(await find(MANIFEST).arrayBuffer()),
    async file({ path }, onBytes) {
      const blob = find(path);
      onBytes(blob.size);
      return blob;
    },
  };
}

import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Size } from "../../domain/clip.ts";
import { MediaError } from "../../domain/errors.ts";
import { UPRIGHT } from "../../domain/fitting.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import { numberedNames } from "../../domain/numbered-names.ts";
import { nativeTiming } from "../../domain/timing.ts";
import { packedPlaces, pictureFromBytes } from "../../engine/picture/picture.ts";
import type { Backend } from "../../workers/decode/backend.ts";
import { loadSharp, type OpenSharp } from "./still.ts";

const PICTURE = /\.(?:png|jpe?g|webp|avif|tiff?)$/i;
/** Longest side of the frames: more than any export asks of them. */
const LONG_SIDE = 1920;

/**
 * The numbered pictures of a folder as a clip of so many a second, each fitted into the frame of the first
 * over black, as the page lays them together. Rejects with MediaError where they are no such row.
 */
export async function openPictures(folder: string, rate: number | undefined): Promise<Backend> {
  const entries = await readdir(folder);
  const names = numberedNames(entries.filter((name) => PICTURE.test(name)));
  if (!names) {
    throw new MediaError(
      `${folder} is a folder without a row of numbered pictures.`,
      "Give a clip, or a folder whose pictures differ by their number alone (0001.png, 0002.png …).",
    );
  }
  if (rate === undefined) {
    throw new MediaError(
      `${folder} is a folder of ${names.length} pictures, which say nothing of their rate.`,
      "Say how many of them are a second: --pictures 24.",
    );
  }
  const open = await loadSharp();
  if (!open) throw new MediaError("Folders need sharp, which is not installed.", "Run npm ci.");
  const paths = names.map((name) => join(folder, name));
  const size = await sizeOf(open, paths[0]);
  return {
    source: {
      kind: "video",
      codec: extname(names[0]).slice(1).toLowerCase(),
      storedSize: size,
      pixelAspect: 1,
      orientation: UPRIGHT,
      timing: nativeTiming(names.map((_, i) => i / rate)),
    },
    decodedBy: "image",
    async pictures(indices, onPicture, job) {
      const places = packedPlaces("rgba", size);
      const colour = { matrix: "bt709", fullRange: true } as const;
      for (const [position, index] of indices.entries()) {
        throwIfCancelled(job);
        const bytes = await pixels(open, paths[index], size);
        onPicture(position, pictureFromBytes(bytes, "rgba", size, places, colour, true));
      }
    },
    close() {},
  };
}

async function sizeOf(open: OpenSharp, path: string): Promise<Size> {
  const { autoOrient } = await unlessDamaged(path, open(path).metadata());
  const scale = Math.min(1, LONG_SIDE / Math.max(autoOrient.width, autoOrient.height));
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: side(autoOrient.width), height: side(autoOrient.height) };
}

function pixels(open: OpenSharp, path: string, size: Size): Promise<Uint8Array> {
  const fitted = open(path)
    .autoOrient()
    .resize({ ...size, fit: "contain", background: "#000" })
    .flatten({ background: "#000" });
  return unlessDamaged(path, fitted.toColourspace("srgb").ensureAlpha().raw().toBuffer());
}

function unlessDamaged<T>(path: string, work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => {
    throw new MediaError(
      `${path} cannot be decoded, so the pictures make no clip.`,
      "Leave it out, or save it again as PNG or JPEG.",
      { cause },
    );
  });
}

import type { Metadata, Sharp, SharpOptions } from "sharp";
import type { Size } from "../../domain/clip.ts";
import { UPRIGHT } from "../../domain/fitting.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import { nativeTiming } from "../../domain/timing.ts";
import { packedPlaces, pictureFromBytes } from "../../engine/picture/picture.ts";
import { animationTimes, stayMicros } from "../../workers/decode/animation.ts";
import type { Backend, OnPicture } from "../../workers/decode/backend.ts";
import type { ByteSource } from "../../workers/decode/bytes.ts";
import { readOrientation } from "../../workers/decode/exif.ts";
import type { FileKind } from "../../workers/decode/kind.ts";

export type OpenSharp = (path: string, options?: SharpOptions) => Sharp;

/**
 * Opens what ffmpeg cannot read or not right, with libvips (sharp): AVIF, animated WebP, and photos
 * with a colour profile, which become sRGB as in browsers. Null for all else, and where sharp is
 * not installed for this machine.
 */
export async function openStill(
  path: string,
  file: ByteSource,
  kind: FileKind,
): Promise<Backend | null> {
  if (!/^image\/(avif|webp|jpeg|png)$/.test(kind ?? "")) return null;
  const open = await loadSharp();
  const facts =
    open &&
    (await open(path)
      .metadata()
      .catch(() => null));
  if (!facts || !isOurs(facts, kind)) return null;
  const { width, pageHeight: height = facts.height, pages: count = 1, delay = [] } = facts;
  const size = { width, height };
  const isPhoto = count < 2;
  const stays = Array.from({ length: count }, (_, i) => stayMicros(1000 * (delay[i] ?? 0)));
  // libvips turns an AVIF itself, as its boxes ask.
  const turned = kind === "image/avif" ? null : await readOrientation(file, kind);
  return {
    source: {
      kind: isPhoto ? "photo" : "video",
      codec: (kind ?? "").replace("image/", ""),
      storedSize: size,
      pixelAspect: 1,
      orientation: turned?.orientation ?? UPRIGHT,
      timing: nativeTiming(isPhoto ? [0] : animationTimes(stays)),
    },
    decodedBy: "image",
    pictures: (indices, onPicture, job) => readPages(open, path, size, indices, onPicture, job),
    close() {},
  };
}

/** Null where it is not installed for this machine. */
export async function loadSharp(): Promise<OpenSharp | null> {
  try {
    return (await import("sharp")).default;
  } catch {
    return null;
  }
}

function isOurs({ hasProfile, pages = 1 }: Metadata, kind: FileKind): boolean {
  return kind === "image/avif" || hasProfile === true || (kind === "image/webp" && pages > 1);
}

/** Pages come all at once, each drawn over those before it: so many bytes of them at a time. */
const WINDOW_BYTES = 128e6;

async function readPages(
  open: OpenSharp,
  path: string,
  size: Size,
  indices: readonly number[],
  onPicture: OnPicture,
  job: Job,
): Promise<void> {
  const length = 4 * size.width * size.height;
  const window = Math.max(1, Math.floor(WINDOW_BYTES / length));
  for (let position = 0; position < indices.length; ) {
    const first = indices[position];
    const pages = Math.min(window, indices[indices.length - 1] - first + 1);
    const animation = first + pages > 1 ? { page: first, pages } : {};
    const pixels = open(path, animation).toColourspace("srgb").ensureAlpha().raw();
    const bytes = await pixels.toBuffer();
    throwIfCancelled(job);
    for (; position < indices.length && indices[position] < first + pages; position++) {
      const own = bytes.subarray(length * (indices[position] - first)).subarray(0, length);
      const places = packedPlaces("rgba", size);
      const colour = { matrix: "bt709", fullRange: true } as const;
      onPicture(position, pictureFromBytes(own, "rgba", size, places, colour));
    }
  }
}

import { MediaError } from "../../../domain/errors.ts";
import { type Orientation, UPRIGHT } from "../../../domain/fitting.ts";
import { type Job, throwIfCancelled } from "../../../domain/job.ts";
import { nativeTiming } from "../../../domain/timing.ts";
import { type Picture, packedPlaces, pictureFromBytes } from "../../../engine/picture/picture.ts";
import { animationTimes, apngStays, stayMicros } from "../animation.ts";
import type { Backend, OnPicture } from "../backend.ts";
import { blobBytes } from "../bytes.ts";
import { readOrientation } from "../exif.ts";
import { type ImageType, refusal } from "../kind.ts";
import { SampleReader } from "./sample.ts";

/** More pixels than this are shrunk on opening: a canvas of 64 million takes 256 MB. */
const PIXEL_LIMIT = 64e6;

/** Opens a photo or an animation; null where another decoder has to. */
export async function openImage(file: Blob, type: ImageType, job: Job): Promise<Backend | null> {
  const turned = await readOrientation(blobBytes(file), type);
  // Browsers differ in which formats they turn by themselves: none of them shall.
  const plain = turned
    ? new Blob([file.slice(0, turned.at), turned.upright, file.slice(turned.at + 2)], { type })
    : file;
  const orientation = turned?.orientation ?? UPRIGHT;
  if (typeof ImageDecoder !== "undefined" && (await ImageDecoder.isTypeSupported(type))) {
    const animation = await openAnimation(plain, type, orientation, job);
    if (animation) return animation;
  } else if (type === "image/gif") {
    return null;
  }
  return openPhoto(plain, type, orientation);
}

async function openAnimation(
  file: Blob,
  type: string,
  orientation: Orientation,
  job: Job,
): Promise<Backend | null> {
  const decoder = new ImageDecoder({ data: await file.arrayBuffer(), type });
  try {
    await decoder.tracks.ready;
    await decoder.completed;
  } catch {
    decoder.close();
    return null;
  }
  const count = decoder.tracks.selectedTrack?.frameCount ?? 0;
  if (count < 2) {
    decoder.close();
    return null;
  }
  const stays: number[] = [];
  let storedSize = { width: 0, height: 0 };
  for (let frameIndex = 0; frameIndex < count; frameIndex++) {
    throwIfCancelled(job);
    // The frames of a file that was cut off end early.
    const image = await decoder.decode({ frameIndex }).then(
      (result) => result.image,
      () => null,
    );
    if (!image) break;
    if (frameIndex === 0) storedSize = { width: image.displayWidth, height: image.displayHeight };
    stays.push(stayMicros(image.duration));
    image.close();
    job.onProgress?.({ stage: "open", done: frameIndex + 1, total: count });
  }
  if (stays.length === 0) {
    decoder.close();
    return null;
  }
  const told = type === "image/png" ? await apngStays(blobBytes(file)) : [];
  const times = animationTimes(told.length === stays.length ? told : stays);
  return {
    source: {
      kind: "video",
      codec: type.replace("image/", ""),
      storedSize,
      pixelAspect: 1,
      orientation,
      timing: nativeTiming(times),
    },
    decodedBy: "image",
    pictures: (indices, onPicture, job) => readAnimation(decoder, indices, onPicture, job),
    close: () => decoder.close(),
  };
}

async function readAnimation(
  decoder: ImageDecoder,
  nativeIndices: readonly number[],
  onPicture: OnPicture,
  job: Job,
): Promise<void> {
  const reader = new SampleReader("as told");
  for (const [position, frameIndex] of nativeIndices.entries()) {
    const { image } = await decoder.decode({ frameIndex });
    const picture = await reader.read(image, image.displayWidth, image.displayHeight);
    image.close();
    throwIfCancelled(job);
    onPicture(position, picture);
  }
}

async function openPhoto(file: Blob, type: ImageType, orientation: Orientation): Promise<Backend> {
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw (
      refusal(type) ??
      new MediaError(
        "This photo cannot be decoded.",
        "Open it in an image viewer, save it as PNG or JPEG and open that.",
        { cause },
      )
    );
  });
  const storedSize = { width: bitmap.width, height: bitmap.height };
  const scale = Math.min(1, Math.sqrt(PIXEL_LIMIT / (bitmap.width * bitmap.height)));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const context = new OffscreenCanvas(width, height).getContext("2d", {
    alpha: false,
    willReadFrequently: true,
  });
  if (!context) throw new MediaError("This photo is too large.", "Make it smaller and try again.");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const size = { width, height };
  const bytes = new Uint8Array(data.buffer);
  const places = packedPlaces("rgba", size);
  const colour = { matrix: "bt709", fullRange: true } as const;
  const picture: Picture = pictureFromBytes(bytes, "rgba", size, places, colour, true);
  return {
    source: {
      kind: "photo",
      codec: type.replace("image/", ""),
      storedSize,
      pixelAspect: 1,
      orientation,
      timing: nativeTiming([0]),
    },
    decodedBy: "image",
    async pictures(nativeIndices, onPicture) {
      for (const position of nativeIndices.keys()) onPicture(position, picture);
    },
    close() {},
  };
}

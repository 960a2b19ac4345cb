import { type Orientation, UPRIGHT } from "../../domain/fitting.ts";
import { type ByteSource, latin, viewOf } from "./bytes.ts";
import { chunksOf, PNG, RIFF } from "./chunks.ts";
import type { FileKind } from "./kind.ts";

/** How a camera was held, and where the file says so. */
export interface StillOrientation {
  readonly orientation: Orientation;
  /** The two bytes that hold the value, and their content for an upright picture. */
  readonly at: number;
  readonly upright: Uint8Array<ArrayBuffer>;
}

/** EXIF's orientations 1 to 8. */
const ORIENTATIONS: readonly Orientation[] = [
  UPRIGHT,
  { rotation: 0, flip: true },
  { rotation: 180, flip: false },
  { rotation: 180, flip: true },
  { rotation: 90, flip: true },
  { rotation: 90, flip: false },
  { rotation: 270, flip: true },
  { rotation: 270, flip: false },
];

/** The orientation of a JPEG, PNG, WebP or TIFF; null where the picture is upright as stored. */
export async function readOrientation(
  file: ByteSource,
  kind: FileKind,
): Promise<StillOrientation | null> {
  const at =
    kind === "image/jpeg"
      ? await exifOfJpeg(file)
      : kind === "image/png"
        ? await exifOfChunks(file, PNG, "eXIf")
        : kind === "image/webp"
          ? await exifOfChunks(file, RIFF, "EXIF")
          : kind === "camera raw"
            ? 0
            : null;
  return at === null ? null : orientationAt(file, at);
}

const MARKER_START = 0xff;
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;

/** Position of the TIFF header. */
async function exifOfJpeg(file: ByteSource): Promise<number | null> {
  for (let at = 2; at + 10 <= file.size; ) {
    const head = await file.read(at, 10);
    if (head[0] !== MARKER_START || head[1] === START_OF_SCAN) return null;
    if (head[1] === MARKER_START) {
      at++;
      continue;
    }
    if (head[1] === APP1 && latin(head, 4, 10) === "Exif\0\0") return at + 10;
    at += 2 + viewOf(head).getUint16(2);
  }
  return null;
}

async function exifOfChunks(
  file: ByteSource,
  shape: typeof PNG,
  wanted: string,
): Promise<number | null> {
  for await (const { name, at } of chunksOf(file, shape)) {
    if (name !== wanted) continue;
    // Some writers put JPEG's prefix in front.
    return at + (latin(await file.read(at, 6)) === "Exif\0\0" ? 6 : 0);
  }
  return null;
}

const ORIENTATION_TAG = 0x112;

async function orientationAt(file: ByteSource, tiff: number): Promise<StillOrientation | null> {
  const header = await file.read(tiff, 8);
  const order = latin(header, 0, 2);
  if (header.length < 8 || (order !== "II" && order !== "MM")) return null;
  const little = order === "II";
  const directory = tiff + viewOf(header).getUint32(4, little);
  const counted = await file.read(directory, 2);
  if (counted.length < 2) return null;
  const count = viewOf(counted).getUint16(0, little);
  const entries = viewOf(await file.read(directory + 2, 12 * count));
  for (let entry = 0; entry + 12 <= entries.byteLength; entry += 12) {
    if (entries.getUint16(entry, little) !== ORIENTATION_TAG) continue;
    const orientation = ORIENTATIONS[entries.getUint16(entry + 8, little) - 1];
    if (!orientation || orientation === UPRIGHT) return null;
    const upright = little ? Uint8Array.of(1, 0) : Uint8Array.of(0, 1);
    return { orientation, at: directory + 2 + entry + 8, upright };
  }
  return null;
}

import { MediaError } from "../../domain/errors.ts";
import { type ByteSource, latin, viewOf } from "./bytes.ts";

/** What the first bytes tell a file to be, whatever its name says; null where they tell nothing. */
export type FileKind = ImageType | Foreign | null;
export type ImageType =
  `image/${"png" | "jpeg" | "gif" | "webp" | "bmp" | "avif" | "heic" | "jxl"}`;

/** No clip or photo that browsers decode, but known by name. */
export type Foreign = keyof typeof FOREIGN;

const FOREIGN = {
  playlist: [
    "This is a playlist (HLS or DASH): it only lists the addresses of a clip’s parts.",
    "Save the clip as one file, for example with: ffmpeg -i ADDRESS_OF_THE_PLAYLIST -c copy clip.mp4",
  ],
  segment: [
    "This is one segment of a stream: without the stream’s initialisation segment it cannot be decoded.",
    "Put the two together, for example with: cat init.mp4 segment.m4s > clip.mp4",
  ],
  "stream start": [
    "This is the initialisation segment of a stream: it tells how pictures are coded and holds none.",
    "Put it before the stream’s other segments, for example with: cat init.mp4 *.m4s > clip.mp4",
  ],
  "cut movie": [
    "This MP4 or MOV lacks its index, which is written last: it was cut off, or it is a part of a split file.",
    "Copy it again from its source, or put the parts together, for example with: cat clip.mp4.0* > clip.mp4",
  ],
  "camera raw": [
    "This is a TIFF or a camera’s raw photo, which cannot be decoded here.",
    "Open it in an image viewer, save it as JPEG or PNG and open that.",
  ],
  archive: [
    "This is an archive (ZIP, 7z, RAR or gzip), not a clip.",
    "Unpack it and open the clip or the photo that is inside.",
  ],
  PDF: ["This is a PDF, not a clip or a photo.", "Save its picture as PNG and open that."],
  TGA: [
    "This is a TGA picture, which a browser cannot show.",
    "Open it in an image viewer, save it as PNG and open that.",
  ],
  SVG: [
    "This is a drawing (SVG), not a photo.",
    "Open it in a browser or a drawing program, save it as PNG and open that.",
  ],
  "web page": [
    "This is a web page, not a clip: perhaps what a server sent instead of the file.",
    "Open the page in a browser and save the clip itself.",
  ],
} as const;

/** Brands of ISO/IEC 23008-12 that name the codec; "mif1", "msf1", "miaf" only say that it is HEIF. */
const AVIF_BRANDS = /^(avif|avis|avio)$/;
const HEIC_BRANDS = /^(heic|heix|heim|heis|hevc|hevx|hevm|hevs)$/;

const HEAD_LENGTH = 512;

export async function fileKind(file: ByteSource): Promise<FileKind> {
  const head = await file.read(0, HEAD_LENGTH);
  const text = latin(head);
  if (text.startsWith("\x89PNG")) return "image/png";
  if (text.startsWith("\xff\xd8\xff")) return (await isJpegStream(file)) ? null : "image/jpeg";
  if (text.startsWith("GIF8")) return "image/gif";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "image/webp";
  if (text.startsWith("BM")) return "image/bmp";
  if (text.startsWith("\xff\x0a") || text.slice(4, 8) === "JXL ") return "image/jxl";
  const isBoxed = /^[a-z]{4}$/i.test(text.slice(4, 8));
  if (isBoxed && MOVIE_BOXES.test(text.slice(4, 8))) return heifKind(head) ?? movieKind(file);
  return foreignKind(text) ?? ((await isTga(file)) ? "TGA" : null);
}

/** The only mark of a TGA stands at its end. */
async function isTga(file: ByteSource): Promise<boolean> {
  const mark = "TRUEVISION-XFILE.";
  return latin(await file.read(Math.max(0, file.size - 18), mark.length)) === mark;
}

/** So much of a JPEG is looked through for others behind it. */
const JPEG_REACH = 8 << 20;
/** A photo may have a preview or a gain map behind it. */
const LEAST_JPEGS = 4;

/** A camera's Motion JPEG without a container: JPEGs, each of which begins where the last one ends. */
async function isJpegStream(file: ByteSource): Promise<boolean> {
  const bytes = await file.read(0, JPEG_REACH);
  let jpegs = 1;
  for (let at = bytes.indexOf(0xd9, 2); at > 0; at = bytes.indexOf(0xd9, at + 1)) {
    const isEnd = bytes[at - 1] === 0xff && bytes[at + 1] === 0xff && bytes[at + 2] === 0xd8;
    if (isEnd && ++jpegs === LEAST_JPEGS) return true;
  }
  return false;
}

/** Boxes that a movie, a photo or a part of a stream may begin with. */
const MOVIE_BOXES = /^(ftyp|styp|moof|sidx|emsg|prft|mdat|wide|free|skip)$/;

/** A file of several brands is what any of them says: the major one may name the container only. */
function heifKind(head: Uint8Array): ImageType | null {
  if (latin(head, 4, 8) !== "ftyp") return null;
  const end = Math.min(viewOf(head).getUint32(0), head.length);
  const brands = [latin(head, 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(latin(head, at, at + 4));
  const has = (pattern: RegExp) => brands.some((brand) => pattern.test(brand));
  // A video's compatible brands may name photos too; its major brand then names the video.
  const isStill = /^(mif1|msf1|miaf|av|he)/.test(brands[0]);
  if (isStill && has(AVIF_BRANDS)) return "image/avif";
  if (isStill && has(HEIC_BRANDS)) return "image/heic";
  return null;
}

/** Pictures lie beside the index (`moov`), or each part of them beside one of its own (`moof`). */
async function movieKind(file: ByteSource): Promise<Foreign | null> {
  const seen = new Set<string>();
  for (let at = 0; at + 8 <= file.size; ) {
    const head = await file.read(at, 16);
    if (head.length < 8) break;
    const view = viewOf(head);
    seen.add(latin(head, 4, 8));
    if (seen.has("moov") && (seen.has("mdat") || seen.has("moof"))) return null;
    const short = view.getUint32(0);
    const length = short === 1 && head.length === 16 ? Number(view.getBigUint64(8)) : short;
    if (length < 8) return null;
    at += length;
  }
  if (seen.has("moov")) return "stream start";
  return seen.has("moof") ? "segment" : "cut movie";
}

const ARCHIVES = ["PK\x03\x04", "7z\xbc\xaf", "Rar!", "\x1f\x8b"];
/** TIFF, which most raw photos are, in both byte orders; BigTIFF; Fujifilm. */
const RAWS = ["II*\0", "MM\0*", "II+\0", "FUJIFILMCCD"];

function foreignKind(text: string): Foreign | null {
  const words = text.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (words.startsWith("#EXTM3U") || /<MPD[\s>]/.test(words)) return "playlist";
  if (ARCHIVES.some((start) => text.startsWith(start))) return "archive";
  if (text.startsWith("%PDF")) return "PDF";
  if (RAWS.some((start) => text.startsWith(start))) return "camera raw";
  if (/^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)?<svg[\s>]/i.test(words)) return "SVG";
  if (/^<(!doctype html|html|\?xml[^>]*>\s*<!doctype html)/i.test(words)) return "web page";
  return null;
}

export function isImage(kind: FileKind): kind is ImageType {
  return kind?.startsWith("image/") ?? false;
}

/** Named for a refusal, yet some decoder may read it. */
const DOUBTFUL: ReadonlySet<FileKind> = new Set(["camera raw", "stream start", "cut movie", "TGA"]);

/** True for what nothing in a page decodes: there is no need to try. */
export function isHopeless(kind: FileKind): kind is Foreign {
  return kind !== null && kind in FOREIGN && !DOUBTFUL.has(kind);
}

/** The refusal of what is known by name, once it could not be decoded. */
export function refusal(kind: FileKind): MediaError | null {
  if (kind === "image/heic" || kind === "image/jxl" || kind === "image/avif") {
    return new MediaError(...photoWords(kind));
  }
  if (!kind || isImage(kind)) return null;
  const [message, remedy] = FOREIGN[kind];
  return new MediaError(message, remedy);
}

function photoWords(kind: "image/heic" | "image/jxl" | "image/avif"): readonly [string, string] {
  const name = { "image/heic": "HEIC", "image/jxl": "JPEG XL", "image/avif": "AVIF" }[kind];
  const phone =
    kind === "image/heic" ? " A phone can also take photos as JPEG (“Most compatible”)." : "";
  return [
    `This is ${name === "AVIF" ? "an" : "a"} ${name} photo, which cannot be decoded here.`,
    `Open it in an image viewer, save it as JPEG or PNG and open that.${phone}`,
  ];
}

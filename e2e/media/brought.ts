import { readFile, rm, writeFile } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";
import type { Size } from "../../src/domain/clip.ts";
import { crc32 } from "../../src/formats/containers/zip.ts";
import { encode } from "./encode.ts";
import { count, type Recipe, SMALL, steady, X264 } from "./list.ts";
import { drawIndexed } from "./picture.ts";

const VP9 = ["-c:v", "libvpx-vp9", "-crf", "8", "-b:v", "0", "-deadline", "realtime"];

/** As no filter of all builds makes it: planes of RGB are mixed to Y, Cg and Co and called YUV. */
const YCGCO = [
  "format=gbrp",
  "geq=r='128+(224/255)*(r(X,Y)-b(X,Y))/2':g='16+(219/255)*(r(X,Y)+2*g(X,Y)+b(X,Y))/4':b='128+(224/255)*(2*g(X,Y)-r(X,Y)-b(X,Y))/4'",
  "mergeplanes=0x000102:yuv444p",
].join(",");

/** Clips and photos as people bring them and players of old stumble over, one of each kind. */
export const BROUGHT: readonly Recipe[] = [
  {
    ...of("size-change.webm", 40, SMALL, steady(40)),
    make: makeSizeChange,
  },
  {
    ...of("zero-delay.gif", 12, SMALL, steady(12, 10)),
    encode: ["-vf", "setpts=N/10/TB", "-r", "10"],
    patch: (bytes) => patchDelays(bytes, () => 0),
  },
  {
    ...of(
      "short-delay.gif",
      12,
      SMALL,
      [0, 2, 4, 6, 16, 18, 20, 22, 32, 34, 36, 38].map(hundredth),
    ),
    encode: ["-vf", "setpts=N/10/TB", "-r", "10"],
    // One hundredth counts as none: a tenth.
    patch: (bytes) => patchDelays(bytes, (i) => (i % 4 === 3 ? 1 : 2)),
  },
  {
    ...of("time-lapse.mp4", 4, SMALL, steady(4, 0.5)),
    encode: ["-vf", "setpts=2*N/TB", "-r", "0.5", ...X264],
  },
  {
    ...of("animated.webp", 12, SMALL, steady(12, 10)),
    make: (out) =>
      animation(12)
        .webp({ quality: 95, delay: Array(12).fill(100) })
        .toFile(out),
  },
  {
    ...of("no-delay.webp", 12, SMALL, steady(12, 10)),
    make: (out) =>
      animation(12)
        .webp({ quality: 95, delay: Array(12).fill(0) })
        .toFile(out),
  },
  { ...of("vp9-rgb.webm", 12, SMALL, steady(12)), encode: [...VP9, "-pix_fmt", "gbrp"] },
  {
    ...of("glued.ts", 24, SMALL, steady(24)),
    expect: { display: SMALL, indices: [...count(12), ...count(12)], timesSecs: steady(24) },
    make: makeGlued,
  },
  {
    ...of("h264-ycgco.mkv", 12, SMALL, steady(12)),
    encode: ["-vf", YCGCO, ...X264, "-pix_fmt", "yuv444p", "-colorspace", "ycgco"],
  },
  { ...of("h264-rgb.mp4", 12, SMALL, steady(12)), encode: ["-c:v", "libx264rgb", "-crf", "8"] },
  {
    ...of("no-delay.png", 12, SMALL, steady(12, 10)),
    encode: ["-f", "apng"],
    patch: withoutPngDelays,
  },
  still("photo.avif", (picture) => picture.avif({ quality: 90 })),
  {
    ...still("photo-mif1.avif", (picture) => picture.avif({ quality: 90 })),
    patch: (bytes) => {
      bytes.set(new TextEncoder().encode("mif1"), 8);
      return bytes;
    },
  },
  still("transparent.png", (picture) => picture.ensureAlpha(0.8).png()),
  still("photo-p3.jpg", (picture) => picture.withIccProfile("p3").jpeg({ quality: 95 })),
  still("photo-p3.png", (picture) => picture.withIccProfile("p3").png()),
  still("photo-p3.webp", (picture) => picture.withIccProfile("p3").webp({ quality: 95 })),
  ...["photo-turned.jpg", "photo-turned.png", "photo-turned.webp", "photo-turned.tiff"].map(
    (file) => still(file, turnedLeft),
  ),
];

function hundredth(value: number): number {
  return value / 100;
}

function of(file: string, frames: number, size: Size, timesSecs: readonly number[]): Recipe {
  return {
    file,
    frames,
    size,
    encode: [],
    expect: { display: size, indices: count(frames), timesSecs },
  };
}

function still(file: string, change: (picture: Sharp) => Sharp): Recipe {
  const make = (out: string) => change(raw(drawIndexed(0, SMALL), SMALL.height)).toFile(out);
  return { ...of(file, 1, SMALL, [0]), make };
}

/** Orientation 6 turns it back. JPEG inside of a TIFF is more than ffmpeg can. */
function turnedLeft(picture: Sharp): Sharp {
  return picture
    .rotate(270)
    .withMetadata({ orientation: 6 })
    .tiff({ compression: "lzw", force: false });
}

function raw(pixels: Uint8Array, height: number): Sharp {
  return sharp(pixels, {
    raw: { width: SMALL.width, height, channels: 3, pageHeight: SMALL.height },
  });
}

function animation(frames: number): Sharp {
  const pictures = count(frames).map((i) => drawIndexed(i, SMALL));
  return raw(Buffer.concat(pictures), frames * SMALL.height);
}

/** Half of the pictures small, then half of them larger, in one track. */
async function makeSizeChange(out: string): Promise<void> {
  const parts = [SMALL, { width: 2 * SMALL.width, height: 2 * SMALL.height }];
  const packets: Uint8Array[] = [];
  const draft = `${out}.ivf`;
  let header = new Uint8Array(0);
  for (const [part, size] of parts.entries()) {
    const pictures = count(20, 20 * part).map((i) => drawIndexed(i, size));
    const input = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", `${size.width}x${size.height}`];
    const vp8 = ["-c:v", "libvpx", "-crf", "8", "-b:v", "4M", "-pix_fmt", "yuv420p"];
    await encode([...input, "-r", "30", "-i", "-", ...vp8, draft], Buffer.concat(pictures));
    const ivf = new Uint8Array(await readFile(draft));
    if (part === 0) header = ivf.slice(0, IVF_HEADER);
    packets.push(shiftedPackets(ivf, 20 * part));
  }
  await writeFile(draft, Buffer.concat([header, ...packets]));
  await encode(["-i", draft, "-c", "copy", out]);
  await rm(draft);
}

/** An IVF file begins with 32 bytes; each packet with its length and its time in frames. */
const IVF_HEADER = 32;

function shiftedPackets(ivf: Uint8Array, frames: number): Uint8Array {
  const view = new DataView(ivf.buffer, ivf.byteOffset, ivf.byteLength);
  for (let at = IVF_HEADER; at + 12 <= ivf.length; at += 12 + view.getUint32(at, true)) {
    view.setBigUint64(at + 4, view.getBigUint64(at + 4, true) + BigInt(frames), true);
  }
  return ivf.subarray(IVF_HEADER);
}

/** Each picture of a GIF has a graphic control extension: 21 F9 04, flags, delay. */
function patchDelays(bytes: Uint8Array, delayOf: (index: number) => number): Uint8Array {
  let index = 0;
  for (let at = 0; at + 8 < bytes.length; at++) {
    const isControl = bytes[at] === 0x21 && bytes[at + 1] === 0xf9 && bytes[at + 2] === 4;
    if (!isControl || bytes[at + 7] !== 0) continue;
    bytes[at + 4] = delayOf(index++);
    bytes[at + 5] = 0;
  }
  return bytes;
}

/** Each picture of an animated PNG has an fcTL chunk: its delay lies at 20, its checksum at 26. */
function withoutPngDelays(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = file.indexOf("fcTL"); at > 0; at = file.indexOf("fcTL", at + 4)) {
    file.writeUInt16BE(0, at + 24);
    file.writeUInt32BE(crc32(file.subarray(at, at + 30)), at + 30);
  }
  return bytes;
}

/** One part behind the other, each with a clock of its own. */
async function makeGlued(out: string): Promise<void> {
  const input = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", `${SMALL.width}x${SMALL.height}`];
  const pictures = count(12).map((i) => drawIndexed(i, SMALL));
  await encode(
    [...input, "-r", "30", "-i", "-", ...X264, "-f", "mpegts", out],
    Buffer.concat(pictures),
  );
  const part = await readFile(out);
  await writeFile(out, Buffer.concat([part, part]));
}

import { expect, test } from "vitest";
import { blobBytes } from "./bytes.ts";
import { readOrientation } from "./exif.ts";
import type { ImageType } from "./kind.ts";

type Kind = ImageType | "camera raw";

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const short = (value: number) => String.fromCharCode(value >> 8, value & 255);

/** An EXIF block in big-endian order with one entry. */
function exif(orientation: number): string {
  const entry = `${short(0x112)}${short(3)}\0\0\0\x01${short(orientation)}\0\0`;
  return `MM\0*\0\0\0\x08${short(1)}${entry}\0\0\0\0`;
}

function fileOf(kind: Kind, orientation: number): string {
  const block = exif(orientation);
  if (kind === "camera raw") return block;
  if (kind === "image/jpeg") {
    const app0 = `\xff\xe0${short(4)}ab`;
    return `\xff\xd8${app0}\xff\xe1${short(8 + block.length)}Exif\0\0${block}\xff\xda`;
  }
  if (kind === "image/png") {
    const header = `\0\0\0\x0dIHDR${"\0".repeat(13)}crc.`;
    return `\x89PNG\r\n\x1a\n${header}\0\0${short(block.length)}eXIf${block}crc.`;
  }
  const image = "VP8 \x02\0\0\0ab";
  return `RIFF\0\0\0\0WEBP${image}EXIF${String.fromCharCode(block.length)}\0\0\0${block}`;
}

const read = (kind: Kind, text: string) =>
  readOrientation(blobBytes(new Blob([bytesOf(text)])), kind);

test.each(["image/jpeg", "image/png", "image/webp", "camera raw"] as const)(
  "a %s tells how the camera was held, and where it says so",
  async (kind) => {
    const text = fileOf(kind, 6);
    const found = await read(kind, text);
    expect(found?.orientation).toEqual({ rotation: 90, flip: false });
    expect(text.slice(found?.at, (found?.at ?? 0) + 2)).toBe(short(6));
    expect([...(found?.upright ?? [])]).toEqual([0, 1]);
    expect((await read(kind, fileOf(kind, 8)))?.orientation.rotation).toBe(270);
    expect((await read(kind, fileOf(kind, 3)))?.orientation.rotation).toBe(180);
    expect((await read(kind, fileOf(kind, 2)))?.orientation).toEqual({ rotation: 0, flip: true });
    expect(await read(kind, fileOf(kind, 1))).toBeNull();
    expect(await read(kind, fileOf(kind, 99))).toBeNull();
  },
);

test("cut and foreign files are upright", async () => {
  const text = fileOf("image/jpeg", 6);
  for (let length = 0; length < text.length; length += 3) {
    expect(await read("image/jpeg", text.slice(0, length)).catch(() => "threw")).not.toBe("threw");
  }
  expect(await read("image/gif", "GIF89a")).toBeNull();
});

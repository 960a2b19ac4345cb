import { zlibSync } from "fflate";
import type { Frame } from "../../domain/clip.ts";
import { joinedBytes } from "./joined-bytes.ts";
import { crc32 } from "./zip.ts";

/**
 * A PNG of a frame, 8 bits RGB, for the generator's first image. Written here rather than by a canvas
 * so that page and command give the same bytes.
 */
export function writePng({ size, rgba }: Frame): Uint8Array {
  const { width, height } = size;
  const rows = new Uint8Array(height * (1 + 3 * width));
  let to = 0;
  for (let y = 0; y < height; y++) {
    to++; // Filter byte 0: the row is stored as it is.
    for (let x = 0; x < width; x++) {
      const from = 4 * (y * width + x);
      rows[to++] = rgba[from];
      rows[to++] = rgba[from + 1];
      rows[to++] = rgba[from + 2];
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2, 0, 0, 0], 8); // 8 bits, RGB, deflate, adaptive filters, not interlaced
  const chunks = [
    chunk("IHDR", header),
    chunk("IDAT", zlibSync(rows, { level: 6 })),
    chunk("IEND", new Uint8Array()),
  ];
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return joinedBytes([signature, ...chunks]);
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + content.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(content, 8);
  view.setUint32(8 + content.length, crc32(out.subarray(4, 8 + content.length)));
  return out;
}

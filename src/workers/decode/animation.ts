import { type ByteSource, viewOf } from "./bytes.ts";
import { chunksOf, PNG, RIFF } from "./chunks.ts";
import type { FileKind } from "./kind.ts";

/** Browsers play what asks for less as if it asked for nothing: at 10 frames a second. */
const SHORTEST_STAY_MICROS = 10_000;
const USUAL_STAY_MICROS = 100_000;

/** How long a picture of a GIF, PNG or WebP stays that asks for `askedMicros`. */
export function stayMicros(askedMicros: number | null | undefined): number {
  return askedMicros && askedMicros > SHORTEST_STAY_MICROS ? askedMicros : USUAL_STAY_MICROS;
}

/** When pictures that stay for so long each are due, in seconds from the first. */
export function animationTimes(staysMicros: readonly number[]): number[] {
  let micros = 0;
  return staysMicros.map((stay) => {
    const due = micros / 1e6;
    micros += stay;
    return due;
  });
}

/**
 * How long each picture of an animated PNG stays, in microseconds: decoders round it, or take another
 * time for none. Empty for a PNG of one picture.
 */
export async function apngStays(file: ByteSource): Promise<number[]> {
  const stays: number[] = [];
  for await (const { name, at } of chunksOf(file, PNG)) {
    if (name !== "fcTL") continue;
    const delay = await file.read(at + 20, 4);
    if (delay.length < 4) break;
    const [over, under] = [viewOf(delay).getUint16(0), viewOf(delay).getUint16(2)];
    stays.push(stayMicros((1e6 * over) / (under || 100)));
  }
  return stays;
}

/** True for a PNG or WebP of several pictures. */
export async function isAnimated(file: ByteSource, kind: FileKind): Promise<boolean> {
  if (kind !== "image/png" && kind !== "image/webp") return false;
  const [shape, wanted] = kind === "image/png" ? [PNG, "acTL"] : [RIFF, "ANIM"];
  for await (const { name } of chunksOf(file, shape)) {
    if (name === wanted) return true;
    if (name === "IDAT") return false;
  }
  return false;
}

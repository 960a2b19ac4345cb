import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BROKEN, RECIPES, TRUNCATED } from "../media/list.ts";
import { MEDIA_DIR, madeRecipes, makeMedia, makeOdd } from "../media/make.ts";
import { ODD } from "../media/odd.ts";
import { DAMAGE_NAMES, damage } from "./mutate.ts";

/** One file of the corpus. */
export interface Case {
  readonly name: string;
  /** Row of the table that it counts in. */
  readonly group: string;
  /** Legal files must open, hopeless ones must be refused, damaged ones may do either. */
  readonly expect: "opens" | "is refused" | "either";
  readonly bytes: () => Promise<Uint8Array>;
}

/** What is damaged: every container and codec once, and the pictures. */
const DAMAGED = [
  "h264-bframes.mp4",
  "h264-fragmented.mp4",
  "faststart.mp4",
  "vfr.mkv",
  "vp8.webm",
  "vp9.webm",
  "av1.mp4",
  "hevc.mp4",
  "mpeg4.avi",
  "mjpeg.avi",
  "mpeg2.ts",
  "animated.gif",
  "photo.png",
  "photo.jpg",
  "photo.webp",
  "alpha.mov",
];

/** The corpus: all odd but legal files, hopeless ones, and `rounds` of every damage to every base. */
export async function corpus(rounds: number, seed = 1): Promise<Case[]> {
  await makeMedia();
  const cases: Case[] = [];
  const fromDisk = (file: string) => () => readFile(join(MEDIA_DIR, file));
  for (const { file } of madeRecipes()) {
    cases.push({ name: file, group: "ordinary", expect: "opens", bytes: fromDisk(file) });
  }
  for (const recipe of ODD) {
    if (!(await makeOdd(recipe))) continue;
    const { file } = recipe;
    // A song's cover is no clip.
    const expect = file.startsWith("cover") ? "is refused" : "opens";
    cases.push({ name: file, group: "odd but legal", expect, bytes: fromDisk(file) });
  }
  for (const { file } of BROKEN) {
    cases.push({ name: file, group: "hopeless", expect: "is refused", bytes: fromDisk(file) });
  }
  for (const { file } of TRUNCATED) {
    cases.push({ name: file, group: "cut off, playable", expect: "opens", bytes: fromDisk(file) });
  }
  const made = new Set([...madeRecipes(), ...ODD].map(({ file }) => file));
  const bases = DAMAGED.filter((file) => made.has(file) || !RECIPES.some((r) => r.file === file));
  for (let round = 0; round < rounds; round++) {
    for (const [b, base] of bases.entries()) {
      for (const [d, how] of DAMAGE_NAMES.entries()) {
        const own = seed * 1_000_000 + round * 10_000 + b * 100 + d;
        cases.push({
          name: `${how.replaceAll(" ", "-")}-${own}-${base}`,
          group: how,
          expect: "either",
          bytes: async () => damage(how, await readFile(join(MEDIA_DIR, base)), own),
        });
      }
    }
  }
  return cases;
}

/** About `size` cases spread over all groups, the same ones every time. */
export function sample(cases: readonly Case[], size: number): Case[] {
  const step = cases.length / size;
  return Array.from({ length: size }, (_, i) => cases[Math.floor(i * step)]);
}

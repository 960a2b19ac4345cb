import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { damage } from "../torture/mutate.ts";
import { BROUGHT } from "./brought.ts";
import { encode as ffmpeg, hasFfmpeg } from "./encode.ts";
import { DOUBLED, NOT_MADE_BY_WASM, RECIPES, type Recipe, TRUNCATED } from "./list.ts";
import { drawIndexed } from "./picture.ts";

export const MEDIA_DIR = resolve(import.meta.dirname, "../../.cache/media");

/** The clips that can be made here. */
export function madeRecipes(): Recipe[] {
  return [...RECIPES, ...BROUGHT].filter(
    (recipe) => hasFfmpeg() || !NOT_MADE_BY_WASM.test(recipe.file),
  );
}

/** Makes what is missing of the test clips; safe to run twice at once. */
export async function makeMedia(): Promise<void> {
  await mkdir(MEDIA_DIR, { recursive: true });
  for (const recipe of madeRecipes()) await missing(recipe.file, (out) => makeRecipe(recipe, out));
  await missing("faststart.mp4", (out) =>
    ffmpeg([
      "-i",
      join(MEDIA_DIR, "h264-bframes.mp4"),
      "-c",
      "copy",
      "-movflags",
      "+faststart",
      out,
    ]),
  );
  await missing("one-cluster.mkv", (out) =>
    ffmpeg(["-i", join(MEDIA_DIR, "h264-bframes.mp4"), "-c", "copy", out]),
  );
  for (const { file, from, keep } of TRUNCATED) {
    await missing(file, async (out) => {
      const bytes = await readFile(join(MEDIA_DIR, from));
      await writeFile(out, bytes.subarray(0, Math.round(bytes.length * keep)));
    });
  }
  await missing("empty.mp4", (out) => writeFile(out, ""));
  await missing("text.mp4", (out) => writeFile(out, "This is a letter, not a video.\n".repeat(99)));
  await missing("audio-only.m4a", (out) =>
    ffmpeg(["-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", out]),
  );
  await missing("encrypted.mp4", (out) =>
    ffmpeg([
      ...["-i", join(MEDIA_DIR, "h264-bframes.mp4"), "-c", "copy"],
      ...["-encryption_scheme", "cenc-aes-ctr", "-encryption_key", "0f".repeat(16)],
      ...["-encryption_kid", "1e".repeat(16), out],
    ]),
  );
  await missing(DOUBLED.file, async (out) => {
    const bytes = await readFile(join(MEDIA_DIR, DOUBLED.from));
    await writeFile(out, damage("doubled part", bytes, DOUBLED.seed));
  });
  await missing("stream-start.mp4", (out) => fragmentPart(out, (moof) => [0, moof]));
  await missing("segment.m4s", (out) => fragmentPart(out, (moof, next) => [moof, next]));
  await missing("list.m3u8", (out) => writeFile(out, "#EXTM3U\n#EXTINF:1,\nsegment.m4s\n"));
  // No encoder for it comes with the tests' packages: only what tells its kind.
  await missing("phone.heic", (out) => writeFile(out, "\0\0\0\x18ftypheic\0\0\0\0mif1heic"));
  await missing("no-index.mp4", async (out) => {
    const bytes = await readFile(join(MEDIA_DIR, "h264-bframes.mp4"));
    await writeFile(out, bytes.subarray(0, Math.round(bytes.length * 0.5)));
  });
}

/** A part of the fragmented clip, by where its first and its second fragment begin. */
async function fragmentPart(
  out: string,
  cut: (first: number, second: number) => readonly [number, number],
): Promise<void> {
  const bytes = await readFile(join(MEDIA_DIR, "h264-fragmented.mp4"));
  const first = bytes.indexOf("moof") - 4;
  const second = bytes.indexOf("moof", first + 8) - 4;
  await writeFile(out, bytes.subarray(...cut(first, second)));
}

/** Makes one clip where it is missing; false where no encoder here can. */
export async function makeOdd(recipe: Recipe): Promise<boolean> {
  try {
    await missing(recipe.file, (out) => makeRecipe(recipe, out));
    return true;
  } catch {
    return false;
  }
}

/** Writes beside the target first, so that a half-made file is never taken for a whole one. */
async function missing(file: string, make: (out: string) => Promise<void>): Promise<void> {
  const path = join(MEDIA_DIR, file);
  if (existsSync(path)) return;
  const dot = path.lastIndexOf(".");
  const draft = `${path.slice(0, dot)}.${process.pid}.draft${path.slice(dot)}`;
  await make(draft);
  await rename(draft, path);
}

async function makeRecipe(recipe: Recipe, out: string): Promise<void> {
  const { size, frames = 0, from, inputOptions = [], encode } = recipe;
  if (recipe.make) await recipe.make(out);
  else if (from || !size) {
    await ffmpeg([...inputOptions, "-i", join(MEDIA_DIR, from ?? ""), ...encode, out]);
  } else {
    const raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", `${size.width}x${size.height}`];
    const pictures = Array.from({ length: frames }, (_, i) => drawIndexed(i, size));
    await ffmpeg([...raw, "-r", "30", "-i", "-", ...encode, out], Buffer.concat(pictures));
  }
  if (recipe.patch) await writeFile(out, recipe.patch(await readFile(out)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await makeMedia();
  process.stdout.write(`Test clips are in ${MEDIA_DIR}\n`);
}

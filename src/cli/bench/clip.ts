import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { runProgram } from "./program.ts";

const CLIP = resolve(import.meta.dirname, "../../../.cache/bench/clip-720p.mp4");

/** So many short clips, each of its own noise, 320×180, a second long. */
export async function shortClips(count: number): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, i) => join(dirname(CLIP), `short-${i + 1}.mp4`));
  for (const [i, path] of paths.entries()) {
    await make(path, `testsrc2=size=320x180:rate=16:duration=1,noise=alls=10:all_seed=${i + 1}`);
  }
  return paths;
}

/** Six seconds of a moving, noisy test picture, 1280×720, 30 frames a second, H.264. */
export async function benchClip(): Promise<string> {
  const source = "testsrc2=size=1280x720:rate=30:duration=6,noise=alls=10:allf=t:all_seed=1";
  await make(CLIP, source);
  return CLIP;
}

async function make(path: string, source: string): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  const draft = path.replace(".mp4", ".draft.mp4");
  await runProgram("ffmpeg", [
    ...["-v", "error", "-y", "-f", "lavfi", "-i", source],
    ...["-c:v", "libx264", "-preset", "medium", "-crf", "23", "-pix_fmt", "yuv420p", draft],
  ]);
  await rename(draft, path);
}

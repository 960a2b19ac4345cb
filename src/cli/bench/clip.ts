import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { runProgram } from "./program.ts";

const CLIP = resolve(import.meta.dirname, "../../../.cache/bench/clip-720p.mp4");

/** Six seconds of a moving, noisy test picture, 1280×720, 30 frames a second, H.264. */
export async function benchClip(): Promise<string> {
  if (existsSync(CLIP)) return CLIP;
  await mkdir(dirname(CLIP), { recursive: true });
  const draft = CLIP.replace(".mp4", ".draft.mp4");
  const source = "testsrc2=size=1280x720:rate=30:duration=6,noise=alls=10:allf=t:all_seed=1";
  await runProgram("ffmpeg", [
    ...["-v", "error", "-y", "-f", "lavfi", "-i", source],
    ...["-c:v", "libx264", "-preset", "medium", "-crf", "23", "-pix_fmt", "yuv420p", draft],
  ]);
  await rename(draft, CLIP);
  return CLIP;
}

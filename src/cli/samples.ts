import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { crossing } from "./samples/crossing.ts";
import { marbles } from "./samples/marbles.ts";
import type { Scene } from "./samples/raster.ts";
import { renderFrame, SCENE } from "./samples/raster.ts";
import { walker } from "./samples/walker.ts";

/**
 * Renders the sample clips of the studio's empty state into public/samples with native ffmpeg.
 * Usage: npx tsx src/cli/samples.ts [NAME...]
 */
const SCENES: Readonly<Record<string, Scene>> = { marbles, walker, crossing };
const OUT = join(import.meta.dirname, "../../public/samples");

async function encode(name: string, scene: Scene): Promise<void> {
  const { width, height, fps, frames } = SCENE;
  const size = `${width}x${height}`;
  const raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", `${fps}`, "-i", "-"];
  const bt709 = ["-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709"];
  const h264 = ["-c:v", "libx264", "-preset", "veryslow", "-crf", "31", "-pix_fmt", "yuv420p"];
  const ffmpeg = spawn(
    "ffmpeg",
    [
      "-v",
      "error",
      "-y",
      ...raw,
      ...bt709,
      ...h264,
      "-movflags",
      "+faststart",
      join(OUT, `${name}.mp4`),
    ],
    { stdio: ["pipe", "inherit", "inherit"] },
  );
  const done = new Promise<void>((resolve, reject) => {
    ffmpeg.on("error", reject);
    ffmpeg.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`ffmpeg: exit ${code}`)),
    );
  });
  for (let frame = 0; frame < frames; frame++) {
    const pixels = renderFrame(scene, frame / fps);
    if (!ffmpeg.stdin.write(pixels)) await new Promise((go) => ffmpeg.stdin.once("drain", go));
  }
  ffmpeg.stdin.end();
  await done;
}

function poster(name: string): Promise<void> {
  const args = ["-v", "error", "-y", "-ss", "3", "-i", join(OUT, `${name}.mp4`), "-frames:v", "1"];
  const ffmpeg = spawn(
    "ffmpeg",
    [...args, "-vf", "scale=416:-2", "-q:v", "5", join(OUT, `${name}.jpg`)],
    {
      stdio: "inherit",
    },
  );
  return new Promise((resolve, reject) => {
    ffmpeg.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`ffmpeg: exit ${code}`)),
    );
  });
}

await mkdir(OUT, { recursive: true });
const wanted = process.argv.slice(2);
for (const [name, scene] of Object.entries(SCENES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`Rendering ${name}`);
  await encode(name, scene);
  await poster(name);
}

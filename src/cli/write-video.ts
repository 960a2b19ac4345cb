import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { MediaError } from "../domain/errors.ts";
import type { MovingPicture } from "../formats/export/common/format.ts";

/**
 * Writes pictures that move as H.264 MP4, by the ffmpeg of this machine.
 * @throws MediaError where there is none, or it fails.
 */
export async function writeVideo(
  { size, fps, frameCount, draw }: MovingPicture,
  path: string,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const input = ["-f", "rawvideo", "-pix_fmt", "rgba", "-s", `${size.width}x${size.height}`];
  const coding = [
    "-c:v",
    "libx264",
    "-crf",
    "12",
    "-pix_fmt",
    "yuv420p",
    "-vf",
    "crop=trunc(iw/2)*2:trunc(ih/2)*2",
  ];
  const args = ["-v", "error", "-y", ...input, "-r", String(fps), "-i", "pipe:0", ...coding, path];
  const child = spawn("ffmpeg", args, { stdio: ["pipe", "ignore", "pipe"] });
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
  // It says itself why it takes no more.
  child.stdin.on("error", () => undefined);
  const feed = async () => {
    for (let frame = 0; frame < frameCount && child.exitCode === null; frame++) {
      const rgba = new Uint8ClampedArray(4 * size.width * size.height);
      draw(frame, rgba);
      if (!child.stdin.write(rgba)) await Promise.race([once(child.stdin, "drain"), ended]);
    }
    child.stdin.end();
  };
  try {
    const [code] = await Promise.all([ended, feed()]);
    if (code !== 0) throw new Error(told || `it ended with ${code}`);
  } catch (cause) {
    throw new MediaError(
      `ffmpeg made no video: ${cause instanceof Error ? cause.message : String(cause)}`,
      "Install ffmpeg with libx264, or let --out end in .zip for PNG files.",
      { cause },
    );
  }
}

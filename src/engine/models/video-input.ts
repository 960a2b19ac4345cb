import type { Frame } from "../../domain/clip.ts";

const CHANNELS = 3;

/**
 * History frames as the `video` graph takes them: [3,T,H/4,W/4] in [-1,1]. A quarter of the size,
 * bilinear without smoothing: an output pixel lies between the input's second and third of four in
 * each direction, so it is the mean of those 2×2.
 */
export class VideoInput {
  private readonly frames: Float32Array[] = [];

  /** `frameCount`: T. */
  constructor(private readonly frameCount: number) {}

  /** In time order; at most T. */
  add(frame: Frame): void {
    this.frames.push(quarter(frame));
  }

  /** Missing early frames repeat the first one, as the tracks' do. */
  finish(): Float32Array<ArrayBuffer> {
    const missing = this.frameCount - this.frames.length;
    const area = (this.frames[0]?.length ?? 0) / CHANNELS;
    const video = new Float32Array(CHANNELS * this.frameCount * area);
    for (let t = 0; t < this.frameCount && area > 0; t++) {
      const frame = this.frames[Math.max(0, t - missing)];
      for (let c = 0; c < CHANNELS; c++) {
        const plane = frame.subarray(c * area, (c + 1) * area);
        video.set(plane, (c * this.frameCount + t) * area);
      }
    }
    return video;
  }
}

function quarter({ rgba, size }: Frame): Float32Array {
  const width = size.width >> 2;
  const height = size.height >> 2;
  const row = 4 * size.width;
  const out = new Float32Array(CHANNELS * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (4 * y + 1) * row + 4 * (4 * x + 1);
      for (let c = 0; c < CHANNELS; c++) {
        const i = at + c;
        const sum = rgba[i] + rgba[i + 4] + rgba[i + row] + rgba[i + row + 4];
        out[(c * height + y) * width + x] = sum / 510 - 1;
      }
    }
  }
  return out;
}

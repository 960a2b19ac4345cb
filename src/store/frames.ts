import type { Frame, Size } from "../domain/clip.ts";
import { isCancelled } from "../domain/errors.ts";
import type { Job } from "../domain/job.ts";
import type { PlanarPicture } from "../domain/planar-picture.ts";
import type { OpenClip } from "../domain/ports.ts";
import { WORKING_SIZE } from "../domain/studio-defaults.ts";
import type { FrameTap } from "../engine/pipeline/frames.ts";

/** 0.6 MB a frame: 240 frames hold three windows of 81 in about 145 MB. */
const CAPACITY = 240;
/** Frames decoded for one request: about a third of a second of work. */
const CHUNK = 12;

/** Decoded frames of one clip, least recently used ones dropped first. The newest request wins. */
export class FrameCache {
  readonly #pictures = new Map<number, PlanarPicture>();
  readonly #listeners = new Set<(index: number) => void>();
  #requested: number | null = null;
  /** The frame that was asked for last and is not here. */
  #missing: number | null = null;
  #reading = false;
  #closed = false;

  constructor(
    readonly clip: OpenClip,
    readonly onFailure: (error: unknown) => void,
  ) {}

  /** The frame if it is here; otherwise asks for it and the ones after it. */
  get(index: number): PlanarPicture | null {
    const picture = this.#pictures.get(index);
    this.#missing = picture ? null : index;
    if (picture) {
      this.#pictures.delete(index);
      this.#pictures.set(index, picture);
      return picture;
    }
    this.#requested = index;
    void this.#pump();
    return null;
  }

  /** The frame, decoded if need be. */
  async load(index: number): Promise<PlanarPicture | null> {
    // `get` would begin a reading of its own beside this one.
    if (this.has(index)) return this.get(index);
    await this.#read(index);
    return this.peek(index);
  }

  /** The frame if it is here, for others than the stage. */
  peek(index: number): PlanarPicture | null {
    return this.#pictures.get(index) ?? null;
  }

  /** The frame in every colour that it has, decoded anew; the caller closes it. */
  async bitmap(index: number): Promise<ImageBitmap | null> {
    const frames: Frame[] = [];
    const onFrame = (frame: Frame) => void frames.push(frame);
    await this.clip.read(index, index + 1, WORKING_SIZE, { onFrame });
    const [frame] = frames;
    if (!frame || this.#closed) return null;
    const rgba = frame.rgba as Uint8ClampedArray<ArrayBuffer>;
    return createImageBitmap(new ImageData(rgba, frame.size.width, frame.size.height));
  }

  has(index: number): boolean {
    return this.#pictures.has(index);
  }

  /**
   * Keeps of frames that others, say a tracker, decode at `size` what is missing, or only what the stage
   * waits for; undefined where that is not the stage's size. Each picture costs the page some milliseconds.
   */
  tapFor({ width, height }: Size, which: "missing" | "awaited"): FrameTap | undefined {
    if (width !== WORKING_SIZE.width || height !== WORKING_SIZE.height) return undefined;
    const isWanted = (index: number) => which === "missing" || index === this.#missing;
    return {
      wantsPlanar: (index) => !this.#closed && !this.#pictures.has(index) && isWanted(index),
      onPlanar: (picture, index) => this.#put(picture, index),
    };
  }

  /** Decodes what is missing of frames [start, end) in one pass, so that playing them waits for nothing. */
  async fill(start: number, end: number, job: Job): Promise<void> {
    while (start < end && this.#pictures.has(start)) start++;
    while (start < end && this.#pictures.has(end - 1)) end--;
    if (this.#closed || start === end) return;
    await this.clip.read(start, end, WORKING_SIZE, this.tapFor(WORKING_SIZE, "missing") ?? {}, job);
  }

  #put(picture: PlanarPicture, index: number): void {
    if (this.#closed || this.#pictures.has(index)) return;
    this.#pictures.set(index, picture);
    for (const oldest of this.#pictures.keys()) {
      if (this.#pictures.size <= CAPACITY) break;
      this.#pictures.delete(oldest);
    }
    for (const listener of this.#listeners) listener(index);
  }

  onFrame(listener: (index: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#closed = true;
    this.#pictures.clear();
    this.#listeners.clear();
  }

  async #pump(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#requested !== null && !this.#closed) {
        const start = this.#requested;
        this.#requested = null;
        if (!this.#pictures.has(start)) await this.#read(start);
      }
    } catch (error) {
      if (!isCancelled(error) && !this.#closed) this.onFailure(error);
    } finally {
      this.#reading = false;
    }
  }

  async #read(start: number): Promise<void> {
    const [from, end] = this.#window(start);
    const onPlanar = (picture: PlanarPicture, index: number) => this.#put(picture, index);
    await this.clip.read(from, end, WORKING_SIZE, { onPlanar });
  }

  /** Missing frames around the one requested: those before it when the user goes back, else those after. */
  #window(requested: number): [number, number] {
    let from = requested;
    let end = requested + 1;
    // A clip that was just opened shows one frame, and its past may be read next.
    if (this.#pictures.size === 0) return [from, end];
    if (this.#pictures.has(end)) {
      while (from > 0 && end - from < CHUNK && !this.#pictures.has(from - 1)) from--;
    } else {
      const last = Math.min(this.clip.info.frameCount, requested + CHUNK);
      while (end < last && !this.#pictures.has(end)) end++;
    }
    return [from, end];
  }
}

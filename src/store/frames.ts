import type { Frame, Size } from "../domain/clip.ts";
import { isCancelled } from "../domain/errors.ts";
import type { Job } from "../domain/job.ts";
import type { OpenClip } from "../domain/ports.ts";
import { WORKING_SIZE } from "../domain/studio-defaults.ts";
import type { FrameTap } from "../engine/pipeline/frames.ts";

/** 1.6 MB a frame: 240 frames hold three windows of 81 in about 380 MB. */
const CAPACITY = 240;
/** Frames decoded for one request: about a third of a second of work. */
const CHUNK = 12;

/** Decoded frames of one clip, least recently used ones dropped first. The newest request wins. */
export class FrameCache {
  readonly #bitmaps = new Map<number, ImageBitmap>();
  readonly #listeners = new Set<(index: number) => void>();
  /** The frame given last is on screen: closing it would blank the stage. */
  #shown: number | null = null;
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
  get(index: number): ImageBitmap | null {
    const bitmap = this.#bitmaps.get(index);
    this.#missing = bitmap ? null : index;
    if (bitmap) {
      this.#shown = index;
      this.#bitmaps.delete(index);
      this.#bitmaps.set(index, bitmap);
      return bitmap;
    }
    this.#requested = index;
    void this.#pump();
    return null;
  }

  /** The frame, decoded if need be. */
  async load(index: number): Promise<ImageBitmap | null> {
    // `get` would begin a reading of its own beside this one.
    if (this.has(index)) return this.get(index);
    await this.#read(index);
    return this.#bitmaps.get(index) ?? null;
  }

  /** The frame if it is here, for others than the stage. */
  peek(index: number): ImageBitmap | null {
    return this.#bitmaps.get(index) ?? null;
  }

  has(index: number): boolean {
    return this.#bitmaps.has(index);
  }

  /**
   * Keeps of frames that others, say a tracker, decode at `size` what is missing, or only what the stage
   * waits for; undefined where that is not the stage's size. Each picture costs the page and the graphics
   * process some milliseconds.
   */
  tapFor({ width, height }: Size, which: "missing" | "awaited"): FrameTap | undefined {
    if (width !== WORKING_SIZE.width || height !== WORKING_SIZE.height) return undefined;
    const isWanted = (index: number) => which === "missing" || index === this.#missing;
    return {
      wantsFrame: (index) => !this.#closed && !this.#bitmaps.has(index) && isWanted(index),
      onFrame: (frame) => void this.#put(frame),
    };
  }

  /** Decodes what is missing of frames [start, end) in one pass, so that playing them waits for nothing. */
  async fill(start: number, end: number, job: Job): Promise<void> {
    while (start < end && this.#bitmaps.has(start)) start++;
    while (start < end && this.#bitmaps.has(end - 1)) end--;
    if (this.#closed || start === end) return;
    await this.clip.read(start, end, WORKING_SIZE, this.tapFor(WORKING_SIZE, "missing") ?? {}, job);
  }

  async #put(frame: Frame): Promise<void> {
    if (this.#closed || this.#bitmaps.has(frame.index)) return;
    const image = new ImageData(
      frame.rgba as Uint8ClampedArray<ArrayBuffer>,
      frame.size.width,
      frame.size.height,
    );
    const bitmap = await createImageBitmap(image);
    if (this.#closed || this.#bitmaps.has(frame.index)) return bitmap.close();
    this.#bitmaps.set(frame.index, bitmap);
    this.#evict();
    for (const listener of this.#listeners) listener(frame.index);
  }

  onFrame(listener: (index: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#closed = true;
    for (const bitmap of this.#bitmaps.values()) bitmap.close();
    this.#bitmaps.clear();
    this.#listeners.clear();
  }

  async #pump(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#requested !== null && !this.#closed) {
        const start = this.#requested;
        this.#requested = null;
        if (!this.#bitmaps.has(start)) await this.#read(start);
      }
    } catch (error) {
      if (!isCancelled(error) && !this.#closed) this.onFailure(error);
    } finally {
      this.#reading = false;
    }
  }

  async #read(start: number): Promise<void> {
    const [from, end] = this.#window(start);
    const puts: Promise<void>[] = [];
    const onFrame = (frame: Frame) => void puts.push(this.#put(frame));
    await this.clip.read(from, end, WORKING_SIZE, { onFrame });
    await Promise.all(puts);
  }

  /** Missing frames around the one requested: those before it when the user goes back, else those after. */
  #window(requested: number): [number, number] {
    let from = requested;
    let end = requested + 1;
    // A clip that was just opened shows one frame, and its past may be read next.
    if (this.#bitmaps.size === 0) return [from, end];
    if (this.#bitmaps.has(end)) {
      while (from > 0 && end - from < CHUNK && !this.#bitmaps.has(from - 1)) from--;
    } else {
      const last = Math.min(this.clip.info.frameCount, requested + CHUNK);
      while (end < last && !this.#bitmaps.has(end)) end++;
    }
    return [from, end];
  }

  #evict(): void {
    for (const [index, bitmap] of this.#bitmaps) {
      if (this.#bitmaps.size <= CAPACITY) return;
      if (index === this.#shown) continue;
      this.#bitmaps.delete(index);
      bitmap.close();
    }
  }
}

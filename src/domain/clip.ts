export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How a clip's picture fills the working frame: `cover` crops, `letterbox` pads with black. */
export type Fit = "cover" | "letterbox";

/** Frames a second of the working clip: a number, or every native frame. */
export type WorkingRate = number | "native";

export interface WorkingOptions {
  readonly rate: WorkingRate;
  readonly fit: Fit;
}

/** What is known of an opened clip. Sizes are after rotation and sample aspect ratio. */
export interface ClipInfo {
  readonly name: string;
  readonly kind: "video" | "photo";
  readonly displaySize: Size;
  readonly durationSecs: number;
  readonly nativeFps: number;
  readonly nativeFrameCount: number;
  /** Working frames: frame i shows the native picture on screen at `frameTimesSecs[i]`. */
  readonly fps: number;
  readonly frameCount: number;
  readonly frameTimesSecs: Float64Array;
  readonly codec: string;
  readonly decodedBy: "webcodecs" | "ffmpeg.wasm" | "ffmpeg" | "image";
}

/** RGBA, row-major, 8 bits a channel; `index` counts working frames from the clip's start. */
export interface Frame {
  readonly index: number;
  readonly size: Size;
  readonly rgba: Uint8ClampedArray;
}

/** Luma only, row-major, 8 bits: what the tracker reads. */
export interface GrayFrame {
  readonly size: Size;
  readonly gray: Uint8Array;
}

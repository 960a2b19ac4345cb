import {
  type ColourMatrix,
  type Picture,
  type PixelLayout,
  pictureFromBytes,
  untaggedMatrix,
} from "../../../engine/picture/picture.ts";

interface VideoColorSpaceFacts {
  readonly matrix: string | null;
  readonly fullRange: boolean | null;
}

/** The part that VideoFrame and mediabunny's VideoSample share. */
export interface Readable {
  readonly format: string | null;
  readonly colorSpace: VideoColorSpaceFacts;
  allocationSize(options?: VideoFrameCopyToOptions): number;
  copyTo(to: Uint8Array<ArrayBuffer>, options?: VideoFrameCopyToOptions): Promise<PlaneLayout[]>;
}

const LAYOUTS: Readonly<Record<string, PixelLayout>> = {
  I420: "420",
  I422: "422",
  I444: "444",
  NV12: "nv12",
  I420P10: "420p10",
  I422P10: "422p10",
  I444P10: "444p10",
};

/** Copies decoded frames out of the browser; keeps one buffer between calls. */
export class SampleReader {
  private buffer = new Uint8Array(0);

  /**
   * `tagged`: the colour matrix that the file names. A decoded frame always names one, but for an
   * untagged file it is the browser's guess.
   */
  constructor(private readonly tagged: string | null) {}

  /** The picture is valid until the next call. */
  async read(sample: Readable, width: number, height: number): Promise<Picture> {
    const rgb = sample.colorSpace.matrix === "rgb";
    const layout = rgb ? undefined : LAYOUTS[sample.format ?? ""];
    // What we do not read ourselves (opaque hardware formats, RGB) the browser converts.
    const options: VideoFrameCopyToOptions = layout ? {} : { format: "RGBA" };
    const length = sample.allocationSize(options);
    if (this.buffer.length !== length) this.buffer = new Uint8Array(length);
    const places = await sample.copyTo(this.buffer, options);
    const opaque = /^(I4|NV|RGBX|BGRX)/.test(sample.format ?? "I4");
    const fullRange = sample.colorSpace.fullRange ?? false;
    const matrix = MATRICES[this.tagged ?? ""] ?? untaggedMatrix(fullRange);
    const colour = { matrix, fullRange };
    const size = { width, height };
    return pictureFromBytes(this.buffer, layout ?? "rgba", size, places, colour, opaque);
  }
}

const MATRICES: Readonly<Record<string, ColourMatrix>> = {
  smpte170m: "bt601",
  bt470bg: "bt601",
  bt709: "bt709",
  "bt2020-ncl": "bt2020",
};

import { type Light, lightOf } from "../../../engine/picture/light.ts";
import {
  type ColourMatrix,
  type Picture,
  type PixelLayout,
  pictureFromBytes,
  untaggedMatrix,
} from "../../../engine/picture/picture.ts";

export interface ColourFacts {
  readonly matrix: string | null;
  readonly transfer: string | null;
  readonly primaries: string | null;
  readonly fullRange: boolean | null;
}

/** The part that VideoFrame and mediabunny's VideoSample share. */
export interface Readable {
  readonly format: string | null;
  readonly colorSpace: ColourFacts;
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

/** True where `read` sees the samples as stored, before any conversion by the browser. */
export function isStoredFormat(sample: Readable): boolean {
  return LAYOUTS[sample.format ?? ""] !== undefined;
}

/**
 * Undefined for BT.709. A decoded frame of an untagged file has the browser's guess, which is never
 * wide or HDR: such a word of the frame comes from the stream itself.
 */
export function lightOfSample(tagged: ColourFacts, sample: Readable): Light | undefined {
  const { transfer, primaries } = sample.colorSpace;
  return lightOf(tagged.transfer ?? transfer ?? "", tagged.primaries ?? primaries ?? "");
}

/** Copies decoded frames out of the browser; keeps one buffer between calls. */
export class SampleReader {
  private buffer = new Uint8Array(0);

  /**
   * `tagged`: the colours that the file names. A decoded frame always names a matrix, but of a video
   * without a tag it is the browser's guess; of a photo it is "as told".
   */
  constructor(private readonly tagged: ColourFacts | "as told") {}

  /** The picture is valid until the next call. */
  async read(sample: Readable, width: number, height: number): Promise<Picture> {
    const layout = isStoredFormat(sample) ? LAYOUTS[sample.format ?? ""] : undefined;
    // What we do not read ourselves (opaque hardware formats, RGB) the browser converts.
    const options: VideoFrameCopyToOptions = layout ? {} : { format: "RGBA" };
    const length = sample.allocationSize(options);
    if (this.buffer.length !== length) this.buffer = new Uint8Array(length);
    const places = await sample.copyTo(this.buffer, options);
    const opaque = /^(I4\d\d(P|$)|NV12$|RGBX|BGRX)/.test(sample.format ?? "I420");
    const fullRange = sample.colorSpace.fullRange ?? false;
    const tagged = this.tagged === "as told" ? sample.colorSpace : this.tagged;
    const light = layout ? lightOfSample(tagged, sample) : undefined;
    const untagged = light?.primaries === "bt2020" ? "bt2020" : untaggedMatrix(fullRange);
    const matrix = MATRICES[tagged.matrix ?? ""] ?? untagged;
    const colour = { matrix, fullRange, ...(light && { light }) };
    const size = { width, height };
    const picture = pictureFromBytes(this.buffer, layout ?? "rgba", size, places, colour, opaque);
    const isGbr = (tagged.matrix ?? sample.colorSpace.matrix) === "rgb";
    return isGbr && layout?.startsWith("444") ? fromGbr(picture) : picture;
  }
}

/** ITU-T H.273, matrix 0: green, blue and red lie where Y, U and V do elsewhere. */
function fromGbr(picture: Picture): Picture {
  const [green, blue, red] = picture.planes;
  return { ...picture, planes: [red, green, blue], colour: "rgb" };
}

const MATRICES: Readonly<Record<string, ColourMatrix>> = {
  smpte170m: "bt601",
  bt470bg: "bt601",
  fcc: "bt601",
  bt709: "bt709",
  "bt2020-ncl": "bt2020",
  ycgco: "ycgco",
};

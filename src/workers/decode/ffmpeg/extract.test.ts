import { describe, expect, it } from "vitest";
import { orientationOfMatrix, readProbe } from "./probe.ts";
import { PictureSorter } from "./sorter.ts";

const SOURCE = { layout: "444", storedSize: { width: 1, height: 1 } } as const;
const picture = (value: number) => Uint8Array.of(value, value, value);
const line = (micros: number) => `frame:0    pts:${micros} pts_time:0`;

function sort(wanted: number[], feed: (sorter: PictureSorter) => void): [number, number][] {
  const seen: [number, number][] = [];
  const pictures = wanted.map((micros, i) => ({ micros, nth: i - wanted.indexOf(micros) }));
  const sorter = new PictureSorter(SOURCE, pictures, (position, bytes) => {
    seen.push([position, bytes[0]]);
  });
  feed(sorter);
  sorter.finish();
  return seen;
}

describe("ffmpeg's two streams are put back together", () => {
  it("whichever arrives first and however the bytes are cut", () => {
    const seen = sort([0, 40_000, 80_000], (sorter) => {
      sorter.addBytes(Uint8Array.of(1, 1, 1, 2));
      sorter.addLine(line(0));
      sorter.addLine(line(40_000));
      sorter.addBytes(Uint8Array.of(2, 2, 3, 3, 3));
      sorter.addLine(line(80_000));
    });
    expect(seen).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it("leaves out what was not asked for and ignores other lines", () => {
    const seen = sort([40_000], (sorter) => {
      sorter.addLine("[h264] a warning");
      for (const [i, micros] of [0, 40_001, 80_000].entries()) {
        sorter.addLine(line(micros));
        sorter.addBytes(picture(i));
      }
    });
    expect(seen).toEqual([[0, 1]]);
  });

  it("shows the picture before one that is lost", () => {
    const seen = sort([0, 40_000, 80_000, 120_000], (sorter) => {
      sorter.addLine(line(0));
      sorter.addBytes(picture(7));
      sorter.addLine(line(80_000));
      sorter.addBytes(picture(9));
    });
    expect(seen).toEqual([
      [0, 7],
      [1, 7],
      [2, 9],
      [3, 9],
    ]);
  });

  it("tells frames with one timestamp apart", () => {
    const seen = sort([0, 1000, 1000, 2000], (sorter) => {
      for (const [i, micros] of [0, 0, 1000, 1000, 2000].entries()) {
        sorter.addLine(line(micros));
        sorter.addBytes(picture(i));
      }
    });
    expect(seen.map(([, value]) => value)).toEqual([0, 2, 3, 4]);
  });

  it("follows a size that changes", () => {
    const seen = sort([0, 40_000], (sorter) => {
      sorter.addBytes(Uint8Array.of(5, 5, 5, 6, 6, 6, 6, 6, 6));
      sorter.addLine("65537.000000");
      sorter.addLine(line(0));
      sorter.addLine("[Eval @ 0x7ffc] 131073.000000");
      sorter.addLine(line(40_000));
    });
    expect(seen).toEqual([
      [0, 5],
      [1, 6],
    ]);
  });
});

describe("what ffprobe reports", () => {
  const stream = { codec_name: "h264", width: 4, height: 2, pix_fmt: "yuv420p", time_base: "1/10" };

  it("asks for a decoding pass where presentation times are missing", () => {
    const packets = [{ pts: 0, flags: "K_" }, { flags: "__" }];
    expect(readProbe({ streams: [stream], packets }).timesMissing).toBe(true);
  });

  it("leaves out what an edit list hides", () => {
    const packets = [
      { pts: -1, flags: "KD" },
      { pts: 0, flags: "__" },
      { pts: 1, flags: "__" },
    ];
    const { source } = readProbe({ streams: [stream], packets });
    expect(Array.from(source.ptsMicros)).toEqual([0, 100_000]);
  });

  it("calls a protected stream protected, also where no pixel format could be read", () => {
    const { pix_fmt: _, ...unread } = stream;
    const packets = [{ flags: "K_", side_data_list: [{ side_data_type: "Encryption info" }] }];
    for (const found of [stream, unread]) {
      expect(() => readProbe({ streams: [found], packets })).toThrow(/protected/);
    }
  });

  it("takes untagged video for BT.709 and untagged full range for BT.601", () => {
    const packets = [{ pts: 0, flags: "K_" }];
    const colour = (more: object) =>
      readProbe({ streams: [{ ...stream, ...more }], packets }).source.colour;
    expect(colour({})).toEqual({ matrix: "bt709", fullRange: false });
    expect(colour({ pix_fmt: "yuvj420p" })).toEqual({ matrix: "bt601", fullRange: true });
    expect(colour({ color_space: "ycgco" })).toEqual({ matrix: "ycgco", fullRange: false });
    expect(colour({ color_space: "smpte170m" })).toEqual({ matrix: "bt601", fullRange: false });
  });

  it("asks ffmpeg to convert only what the renderer does not read", () => {
    const packets = [{ pts: 0, flags: "K_" }];
    const format = (pix_fmt: string) =>
      readProbe({ streams: [{ ...stream, pix_fmt }], packets }).source.pixelFormat;
    expect(format("yuv420p")).toBe("yuv420p");
    expect(format("yuv422p12le")).toBe("yuv422p10le");
    expect(format("yuv411p")).toBe("yuv444p");
    expect(format("pal8")).toBe("rgba");
  });
});

it("reads turns and mirrors from a display matrix", () => {
  expect(orientationOfMatrix(1, 0, 0, 1)).toEqual({ rotation: 0, flip: false });
  expect(orientationOfMatrix(0, 1, -1, 0)).toEqual({ rotation: 90, flip: false });
  expect(orientationOfMatrix(-1, 0, 0, -1)).toEqual({ rotation: 180, flip: false });
  expect(orientationOfMatrix(0, -1, 1, 0)).toEqual({ rotation: 270, flip: false });
  expect(orientationOfMatrix(-1, 0, 0, 1)).toEqual({ rotation: 0, flip: true });
  expect(orientationOfMatrix(1, 0, 0, -1)).toEqual({ rotation: 180, flip: true });
});

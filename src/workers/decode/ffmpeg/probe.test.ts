import { describe, expect, test } from "vitest";
import { readProbe } from "./probe.ts";

const STREAM = {
  ...{ index: 0, codec_name: "h264", width: 320, height: 240, pix_fmt: "yuv420p" },
  time_base: "1/25",
};

const report = (format: string, bFrames: number, pts: readonly number[]) => ({
  format: { format_name: format },
  streams: [{ ...STREAM, has_b_frames: bFrames }],
  packets: pts.map((at, i) => ({ stream_index: 0, pts: at, flags: i === 0 ? "K_" : "__" })),
});

describe("times of an MXF", () => {
  test("are learned by decoding where pictures are numbered as they are coded, and it is read from its start", () => {
    const { source, timesMissing } = readProbe(report("mxf", 2, [0, 1, 2, 3, 4]));
    expect(timesMissing).toBe(true);
    expect(source.keyMicros).toHaveLength(0);
  });

  test.each([
    ["mxf", 1, [0, 3, 1, 2]],
    ["mxf", 0, [0, 1, 2, 3]],
    ["mov,mp4,m4a,3gp,3g2,mj2", 2, [0, 1, 2, 3]],
  ] as const)("of %s with %i are those of its packets %j", (format, bFrames, pts) => {
    const { source, timesMissing } = readProbe(report(format, bFrames, pts));
    expect(timesMissing).toBe(false);
    expect([...source.ptsMicros]).toEqual([0, 40_000, 80_000, 120_000]);
  });
});

describe("a transport stream whose clock begins again", () => {
  const glued = (format: string, dts: readonly number[]) => ({
    format: { format_name: format },
    streams: [STREAM],
    packets: dts.map((at) => ({ stream_index: 0, pts: at + 2, dts: at, flags: "K_" })),
  });

  test("is decoded once to learn how its parts follow one another, and read from its start", () => {
    const { source, timesMissing } = readProbe(glued("mpegts", [0, 1, 2, 0, 1, 2]));
    expect({ timesMissing, glued: source.isGlued }).toEqual({ timesMissing: true, glued: true });
    expect(source.keyMicros).toHaveLength(0);
  });

  test.each([
    ["mpegts", [0, 1, 2, 50, 51]],
    ["matroska,webm", [0, 1, 2, 0, 1]],
  ] as const)("%s with %j is none", (format, dts) => {
    expect(readProbe(glued(format, dts)).source.isGlued).toBeUndefined();
  });
});

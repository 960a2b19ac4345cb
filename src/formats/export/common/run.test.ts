import { describe, expect, test } from "vitest";
import { FormatError } from "../../../domain/errors.ts";
import { POINT_COUNT } from "../../../domain/grid.ts";
import { readNpz } from "../../containers/npz.ts";
import { FIXTURE, fixtureDocument } from "../../fixture.ts";
import { EXPORT_FORMATS } from "../registry.ts";
import { exportForecast, previewExport } from "./run.ts";
import type { ExportOptions } from "./types.ts";

type Coordinates = { x: number; y: number }[][];

const document = fixtureDocument();

function text(format: string, options?: ExportOptions): string {
  return new TextDecoder().decode(exportForecast(document, format, options).bytes);
}

describe("choices", () => {
  test("several futures of a one-future format become folders of a zip", () => {
    const { fileName, files } = exportForecast(document, "wan2gp", { futures: [0, 1] });
    expect(fileName).toBe("Crossing-at-5-o-clock-wan2gp-futures.zip");
    expect(files?.map(({ name }) => name.split("/")[0])).toEqual(["future-1", "future-2"]);
  });

  test("another size scales edges and cuts the sides evenly", () => {
    const size = { width: 960, height: 960 };
    const points = [FIXTURE.asymmetric];
    const [[first]] = JSON.parse(text("comfyui-wanmove", { size, points })) as Coordinates;
    expect(first).toEqual({ x: 208.5 * 2 - 352, y: 176.5 * 2 });
    const preview = previewExport(document, "comfyui-wanmove", { size });
    expect(preview.notices.join()).toMatch(/left and right .* cut off/);
    expect(preview.dropped.some(({ reason }) => reason.startsWith("outside"))).toBe(true);
  });

  test("layers: past ends and truth begins with now", () => {
    const points = [FIXTURE.asymmetric];
    const past = JSON.parse(text("comfyui-wanmove", { segment: "past", points })) as Coordinates;
    expect(past[0].at(-1)).toEqual({ x: 208.5, y: 176.5 });
    const real = readNpz(exportForecast(document, "tapvid", { segment: "truth" }).bytes);
    expect(real.get("points")?.shape).toEqual([390, 61, 2]);
    expect(previewExport(document, "comfyui-wanmove", { segment: "both", points })).toMatchObject({
      frameCount: 81,
      notices: [expect.stringMatching(/162 frames are spread over 81/), expect.anything()],
    });
  });

  test("a rate of 16 keeps real time and says nothing of speed", () => {
    const preview = previewExport(document, "wan-move", { fps: 16 });
    expect(preview.fps).toBe(16);
    expect(preview.notices.join()).not.toMatch(/speed/);
    expect(preview.notices.join()).toMatch(/hold the end/);
  });

  test.each<[string, ExportOptions, RegExp]>([
    ["comfyui-wanmove", { futures: [7] }, /Future 8 does not exist/],
    ["comfyui-wanmove", { futures: [] }, /No future/],
    ["comfyui-wanmove", { points: [] }, /No points/],
    ["comfyui-wanmove", { points: [390] }, /Point 390/],
    ["comfyui-wanmove", { points: [1, 1] }, /twice/],
    ["comfyui-wanmove", { points: [FIXTURE.hiddenAtNow] }, /No point is visible/],
    ["ati", { frames: 49 }, /does not let you choose the frames/],
    ["comfyui-ati", { frames: 121 }, /cannot read ATI tracks at a length of 121/],
    ["trajloom", { size: { width: 416, height: 240 } }, /does not let you choose the size/],
    ["csv", { size: { width: 0, height: 240 } }, /not a usable picture size/],
  ])("%s with %o is refused", (format, options, message) => {
    expect(() => exportForecast(document, format, options)).toThrow(FormatError);
    expect(() => exportForecast(document, format, options)).toThrow(message);
  });

  test("a position that is not a number is never written", () => {
    const broken = fixtureDocument();
    broken.forecast.futures[0].tracks.tracksTN2[2 * (4 * POINT_COUNT + 9)] = Number.NaN;
    for (const { name, options } of EXPORT_FORMATS) {
      const asksLayer = options.some(({ kind }) => kind === "segment");
      const asked = asksLayer ? { segment: "future" as const } : {};
      expect(() => exportForecast(broken, name, asked)).toThrow(/Point 9 has no position in frame/);
    }
  });

  test("a clip that ends at now has no truth to export", () => {
    const { truth: _, ...forecast } = document.forecast;
    const ended = { ...document, forecast };
    expect(() => exportForecast(ended, "csv", { segment: "truth" })).toThrow(/ends at/);
    const names = exportForecast(ended, "trajloom-benchmark").files?.map(({ name }) => name);
    expect(names).not.toContain("gt_tracks.npy");
  });

  test("a short past is led in by hidden frames for TrajLoom", () => {
    const short = fixtureDocument();
    const { forecast } = short;
    const cut = {
      frameCount: 30,
      pointCount: 390,
      tracksTN2: forecast.history.tracksTN2.slice(-30 * 780),
      visibilityTN: forecast.history.visibilityTN.slice(-30 * 390),
    };
    const bytes = exportForecast(
      { ...short, forecast: { ...forecast, history: cut } },
      "trajloom",
    ).bytes;
    const arrays = readNpz(bytes);
    expect(arrays.get("tracks")?.shape).toEqual([390, 162, 2]);
    expect([...(arrays.get("visibility")?.data.slice(0, 53) ?? [])].indexOf(1)).toBe(51);
    expect(arrays.get("query_xy")?.data).toEqual(forecast.queryXyN2);
  });
});

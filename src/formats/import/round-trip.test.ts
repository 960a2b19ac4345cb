import { describe, expect, test } from "vitest";
import { resampleFrames } from "../../domain/resampling.ts";
import { writeZip } from "../containers/zip.ts";
import { exportForecast, previewExport } from "../export/common/run.ts";
import type { ExportOptions } from "../export/common/types.ts";
import { fixtureDocument } from "../fixture.ts";
import { importTracks } from "./common/read.ts";
import { importProposed, sameFlags, worstError } from "./testing.ts";

const document = fixtureDocument();

describe("what we export comes back", () => {
  const options: ExportOptions = {};
  test.each<[string, number]>([
    ["comfyui-wanmove", 0.0051],
    ["kjnodes-spline", 1],
    ["csv", 0.0006],
    ["tapvid", 1e-4],
  ])("%s: visible points within %s px", (format, bound) => {
    const { bytes, fileName } = exportForecast(document, format, options);
    const want = previewExport(document, format, options).tracks;
    const { imported } = importProposed(bytes, fileName);
    expect(worstError(imported.tracks, want, (i) => want.visibilityTN[i] === 1)).toBeLessThan(
      bound,
    );
    if (format !== "tapvid") expect(sameFlags(imported.tracks, want)).toBe(true);
  });

  test("trajloom: bit for bit", () => {
    const { bytes } = exportForecast(document, "trajloom");
    const { imported, inspection } = importProposed(bytes, "trajloom.npz");
    expect(inspection.looksLike).toBe("TrajLoom data");
    expect(inspection.proposal).toMatchObject({ axes: "NTC", order: "xy", units: "px" });
    const want = previewExport(document, "trajloom").tracks;
    expect(worstError(imported.tracks, want)).toBe(0);
    expect(sameFlags(imported.tracks, want)).toBe(true);
  });

  test("wan-move: to float32's rounding of the half pixel, tracks and visibility in one npz or tracks alone", () => {
    const [tracks, visibility] = exportForecast(document, "wan-move").files ?? [];
    const want = previewExport(document, "wan-move").tracks;
    const both = writeZip([tracks, visibility]);
    const { imported, inspection } = importProposed(both, "w.npz", { origin: "pixel-edge" });
    expect(inspection.proposal.axes).toBe("BTNC");
    expect(worstError(imported.tracks, want)).toBeLessThan(3.1e-5);
    expect(sameFlags(imported.tracks, want)).toBe(true);
    const alone = importProposed(tracks.bytes, "tracks.npy", { origin: "pixel-edge" });
    expect(worstError(alone.imported.tracks, want)).toBeLessThan(3.1e-5);
  });

  test("our own document: the past by default, a future by choice", () => {
    const { bytes } = exportForecast(document, "json");
    const { imported, inspection } = importProposed(bytes, "forecast.json");
    expect(inspection).toMatchObject({ kind: "forecast", fps: 24 });
    expect(worstError(imported.tracks, document.forecast.history)).toBeLessThan(0.0006);
    const future = importTracks(bytes, "forecast.json", {
      ...inspection.proposal,
      tracks: "future 2",
      visibility: { array: "future 2 visible", meaning: "visible", threshold: 0.5 },
    });
    expect(worstError(future.tracks, document.forecast.futures[1].tracks)).toBeLessThan(0.0006);
  });

  test("comfyui-ati: the 121 points, read as ATI reads them", () => {
    const { bytes } = exportForecast(document, "comfyui-ati");
    const { imported, inspection } = importProposed(bytes, "ati.json");
    expect(inspection.reasons.join()).toMatch(/121 points/);
    const looks = [0, ...Array.from({ length: 80 }, (_, j) => 1 + Math.floor((3 * j + 1) / 2))];
    const want = previewExport(document, "comfyui-ati").tracks;
    const got = resampleFrames(imported.tracks, looks);
    // Fours that are partly hidden are written as seen, at their mean.
    const added = got.visibilityTN.map((visible, i) => Math.abs(visible - want.visibilityTN[i]));
    expect(added.reduce((sum, one) => sum + one, 0)).toBeLessThan(10);
    expect(worstError(got, want, (i) => want.visibilityTN[i] === 1)).toBeLessThan(1e-4);
  });
});

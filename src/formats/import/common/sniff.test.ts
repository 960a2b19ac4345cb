import { expect, test } from "vitest";
import { writeZip } from "../../containers/zip.ts";
import { exportForecast } from "../../export/common/run.ts";
import { EXPORT_FORMATS } from "../../export/registry.ts";
import { fixtureDocument } from "../../fixture.ts";
import { looksLikeTracks, SNIFF_BYTES } from "./sniff.ts";

const head = (...bytes: number[]) => Uint8Array.from([...bytes, ...new Array(40).fill(0)]);

/** Scripts of other programs, and scenes, clouds and cameras, which no forecast is made from. */
const ENDINGS = [".py", ".nk", ".jsx", ".glb", ".usda", ".ply"];
const ZIPS = ["ply-sequence", "colmap", "nerfstudio"];

test("every data file that we write counts as tracks", () => {
  const document = fixtureDocument();
  for (const { name, extension, moving } of EXPORT_FORMATS) {
    const { bytes, fileName } = exportForecast(document, name, { points: [3] });
    const told = looksLikeTracks(bytes.subarray(0, SNIFF_BYTES), fileName);
    const isData = !moving && !ENDINGS.includes(extension) && !ZIPS.includes(name);
    expect([name, told]).toEqual([name, isData]);
  }
});

test("pickles count as tracks whatever their name, clips and model packs do not", () => {
  expect(looksLikeTracks(head(0x80, 4, 0x95), "tapvid_davis")).toBe(true);
  expect(looksLikeTracks(head(0, 0, 0, 0x20, 0x66, 0x74, 0x79, 0x70), "a.mp4")).toBe(false);
  expect(looksLikeTracks(head(0x1a, 0x45, 0xdf, 0xa3), "a.mkv")).toBe(false);
  const pack = writeZip([{ name: "manifest.json", bytes: new Uint8Array(9) }]);
  expect(looksLikeTracks(pack, "pack.zip")).toBe(false);
});

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FormatError } from "../domain/errors.ts";
import { readDocument, writeDocument } from "../formats/document/document.ts";
import { exportForecast } from "../formats/export/common/run.ts";
import { EXPORT_FORMATS } from "../formats/export/registry.ts";
import { FIXTURE, fixtureDocument } from "../formats/fixture.ts";
import { sceneDocument } from "../formats/fixture-space.ts";
import { withSpaceFor } from "./document-space.ts";
import { exportCommand } from "./export-command.ts";

const points = [...Array.from({ length: 20 }, (_, n) => n), ...Object.values(FIXTURE)];
const { bytes } = exportForecast(fixtureDocument(), "json", { points });
const { document } = readDocument(bytes);
let folder = "";
let forecast = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "foretrack-export-"));
  forecast = join(folder, "forecast.json");
  await writeFile(forecast, bytes);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const flat = EXPORT_FORMATS.filter((format) => !format.needsSpace);
test.each(flat.map((format) => [format.name, format] as const))(
  "%s: the command writes what the page downloads",
  async (name, format) => {
    const result = exportForecast(document, name);
    const out = join(folder, `one-${name}${format.extension}`);
    await exportCommand([forecast, "--format", name, "--out", out]);
    expect(Buffer.compare(await readFile(out), result.bytes)).toBe(0);
    for (const sidecar of result.sidecars) {
      const ending = sidecar.name.slice(result.fileName.lastIndexOf("."));
      const beside = join(folder, `one-${name}${ending}`);
      expect(Buffer.compare(await readFile(beside), sidecar.bytes)).toBe(0);
    }
    if (!result.files) return;
    const many = join(folder, `many-${name}`);
    await exportCommand([forecast, "--format", name, "--out", many]);
    expect((await readdir(many)).sort()).toEqual(result.files.map((file) => file.name).sort());
    for (const file of result.files) {
      expect(Buffer.compare(await readFile(join(many, file.name)), file.bytes)).toBe(0);
    }
  },
);

describe("formats of space", () => {
  test("the place in space is told from the forecast's own tracks", async () => {
    const scene = writeDocument(sceneDocument());
    const path = join(folder, "scene.json");
    await writeFile(path, scene);
    const known = await withSpaceFor("gltf", readDocument(scene).document);
    for (const name of ["tracks-3d", "gltf"]) {
      const out = join(folder, `scene.${name}`);
      const lines = await exportCommand([path, "--format", name, "--out", out]);
      expect(Buffer.compare(await readFile(out), exportForecast(known, name).bytes)).toBe(0);
      expect(lines.join()).toMatch(/median depths/);
    }
  });

  test("of one forecast it is found once, whatever files are asked for", async () => {
    const { document } = readDocument(writeDocument(sceneDocument()));
    const [first, second] = [
      await withSpaceFor("gltf", document),
      await withSpaceFor("usd", document, { rgbN3: new Uint8Array(3) }),
    ];
    expect(second.space?.field).toBe(first.space?.field);
    expect(first.space?.rgbN3).toBeUndefined();
  });

  test("a clip that tells no depth says so", async () => {
    const args = [forecast, "--format", "gltf", "--out", join(folder, "no.glb")];
    await expect(exportCommand(args)).rejects.toThrow("No depth of this clip is known");
  });
});

describe("flags", () => {
  test("mean what the options mean", async () => {
    const out = join(folder, "flags.csv");
    const flags = "--future 2 --layer both --size 416x240 --fps 12 --frames 50 --points 3,10-12";
    await exportCommand([forecast, "--format", "csv", "--out", out, ...flags.split(" ")]);
    const result = exportForecast(document, "csv", {
      futures: [1],
      segment: "both",
      size: { width: 416, height: 240 },
      fps: 12,
      frames: 50,
      points: [3, 10, 11, 12],
    });
    expect(await readFile(out, "utf8")).toBe(new TextDecoder().decode(result.bytes));
  });

  test("all futures and all points", async () => {
    const out = join(folder, "all");
    const flags = ["--future", "all", "--points", "all"];
    const lines = await exportCommand([forecast, "--format", "wan2gp", "--out", out, ...flags]);
    expect((await readdir(out)).sort()).toEqual(["future-1", "future-2"]);
    expect(lines.join("\n")).toMatch(/note: Left out.*: 1 of 24 points/);
  });

  test.each([
    [["--format", "nope"], /no format “nope”/],
    [["--format", "csv", "--future", "0"], /Future 0 does not exist/],
    [["--format", "csv", "--future", "3"], /Future 3 does not exist/],
    [["--format", "csv", "--future", "2-1"], /--future 2-1/],
    [["--format", "csv", "--layer", "sideways"], /--layer sideways/],
    [["--format", "csv", "--size", "big"], /--size big/],
    [["--format", "csv", "--fps", "fast"], /--fps fast/],
    [["--format", "csv", "--points", "1,,2"], /--points/],
  ])("%j is refused and nothing is written", async (flags, message) => {
    const out = join(folder, "refused.csv");
    const run = exportCommand([forecast, "--out", out, ...flags]);
    await expect(run).rejects.toThrow(FormatError);
    await expect(run).rejects.toThrow(message);
    await expect(readFile(out)).rejects.toThrow(/ENOENT/);
  });
});

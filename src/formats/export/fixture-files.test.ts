import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { isNpy, readNpy } from "../containers/npy.ts";
import { isZip, readZip } from "../containers/zip.ts";
import { fixtureDocument } from "../fixture.ts";
import { exportForecast } from "./common/run.ts";
import type { ExportFile } from "./common/types.ts";
import { EXPORT_FORMATS } from "./registry.ts";

const document = fixtureDocument();
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Bytes of the npz inside a torch file (torch-bytes.ts). */
function tornOut(pickled: Uint8Array): Uint8Array {
  const intro = "..c_codecs.encode.X".length;
  const length = new DataView(pickled.buffer, pickled.byteOffset).getUint32(intro, true);
  const latin1 = text(pickled.subarray(intro + 4, intro + 4 + length));
  return Uint8Array.from(latin1, (letter) => letter.charCodeAt(0));
}

/** Shapes of arrays, first lines of text. */
function listed({ name, bytes }: ExportFile, indent = ""): string[] {
  const head = `${indent}${name}`;
  if (isNpy(bytes)) {
    const { shape, dtype, data } = readNpy(bytes);
    const first = Array.from(data.subarray(0, 6), (value) => Number(value.toPrecision(7)));
    return [`${head}: ${dtype} [${shape}], ${first.join(" ")} …`];
  }
  if (isZip(bytes)) {
    const files = [...readZip(bytes)].map(([inner, content]) => ({ name: inner, bytes: content }));
    return [`${head}:`, ...files.flatMap((file) => listed(file, `${indent}  `))];
  }
  if (name.endsWith(".pkl")) {
    return [
      `${head}: a pickle of bytes, which are`,
      ...listed({ name: "npz", bytes: tornOut(bytes) }, `${indent}  `),
    ];
  }
  if (name.endsWith(".glb")) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
    const { nodes, meshes, animations } = JSON.parse(text(bytes.subarray(20, 20 + length)));
    const named = (of: { name: string }[]) => of.map((each) => each.name).join(", ");
    return [`${head}: nodes ${named(nodes)}; meshes ${named(meshes)}; ${named(animations)}`];
  }
  const lines = text(bytes).trimEnd().split("\n");
  const first = lines.slice(0, 3).map((line) => `${indent}  ${line.slice(0, 150)}`);
  // Of numbers, what looks like a line's end is one by chance.
  if (bytes.includes(0)) return [`${head}: ${bytes.length} bytes`, ...first];
  return [`${head}: ${lines.length} ${lines.length === 1 ? "line" : "lines"}`, ...first];
}

/**
 * The story of fixture.ts in every format. `FIXTURE_OUT=DIR npx vitest run src/formats/fixture-files`
 * writes the files themselves; `-u` after a wanted change writes the listing.
 */
test("first lines and shapes of every format", async () => {
  const listing = EXPORT_FORMATS.flatMap(({ name, extension }) => {
    const { bytes, files, sidecars } = exportForecast(document, name);
    const all = [...(files ?? [{ name: `${name}${extension}`, bytes }]), ...sidecars];
    for (const file of process.env.FIXTURE_OUT ? all : []) {
      const path = join(process.env.FIXTURE_OUT ?? "", name, file.name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file.bytes);
    }
    return [`# ${name}`, ...all.flatMap((file) => listed(file)), ""];
  });
  await expect(listing.join("\n")).toMatchFileSnapshot("testdata/fixture-files.txt");
}, 300_000);

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { exportForecast } from "../formats/export/common/run.ts";
import { EXPORT_FORMATS } from "../formats/export/registry.ts";
import { sceneDocument } from "../formats/fixture-space.ts";
import { withSpaceFor } from "./document-space.ts";

// Every export in space of a made-up scene, a folder a format: `tsx src/cli/space-files.ts FOLDER`. The
// tests under models/tests/space read them with the packages that they are meant for.
const [folder] = process.argv.slice(2);
const known = await withSpaceFor("gltf", sceneDocument());
for (const { name, needsSpace, extension } of EXPORT_FORMATS) {
  if (!needsSpace) continue;
  const { files, bytes } = exportForecast(known, name);
  for (const file of files ?? [{ name: `scene${extension}`, bytes }]) {
    const path = join(folder, name, file.name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.bytes);
  }
}

import type { NpzEntry } from "../formats/containers/npz.ts";

interface Path {
  readonly frameCount: number;
  readonly rotationT9: ArrayLike<number>;
  readonly translationT3: ArrayLike<number>;
}

/** A path of the camera in an npz, world to camera: PREFIXrotation_t9 and PREFIXtranslation_t3. */
export function camerasAs(prefix: string, path: Path): NpzEntry[] {
  const { frameCount, rotationT9, translationT3 } = path;
  return [
    {
      name: `${prefix}rotation_t9`,
      shape: [frameCount, 9],
      dtype: "float32",
      values: Float32Array.from(rotationT9),
    },
    {
      name: `${prefix}translation_t3`,
      shape: [frameCount, 3],
      dtype: "float32",
      values: Float32Array.from(translationT3),
    },
  ];
}

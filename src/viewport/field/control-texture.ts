import { DataTexture, FloatType, RGBAFormat } from "three";
import type { SpaceCurves } from "../../domain/space-field.ts";

const WIDTH = 2048;

/** Control points as texels, uploaded once: scrubbing changes a number and no buffer. */
export function controlTexture({ controlNK3 }: SpaceCurves): DataTexture {
  const count = controlNK3.length / 3;
  const height = Math.max(1, Math.ceil(count / WIDTH));
  const texels = new Float32Array(height * WIDTH * 4);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) texels[4 * i + c] = controlNK3[3 * i + c];
  }
  const texture = new DataTexture(texels, WIDTH, height, RGBAFormat, FloatType);
  texture.internalFormat = "RGBA32F";
  texture.needsUpdate = true;
  return texture;
}

import { type PlanarPicture, rgbaFrom } from "../../domain/planar-picture.ts";

/** A canvas of its size with the picture on it, to be drawn from. */
export function canvasOf(picture: PlanarPicture): OffscreenCanvas {
  const { width, height } = picture.size;
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")?.putImageData(new ImageData(rgbaFrom(picture), width, height), 0, 0);
  return canvas;
}

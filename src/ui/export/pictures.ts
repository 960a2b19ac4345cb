/** Draws the middle of `image` so that it fills the canvas: the crop that track exports use. */
export function drawCover(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  image: ImageBitmap,
  width: number,
  height: number,
): void {
  const scale = Math.max(width / image.width, height / image.height);
  const w = image.width * scale;
  const h = image.height * scale;
  context.drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
}

/** A frame at a generator's size, as PNG. */
export async function framePng(image: ImageBitmap, width: number, height: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("The browser gave no 2-D canvas");
  context.imageSmoothingQuality = "high";
  drawCover(context, image, width, height);
  return canvas.convertToBlob({ type: "image/png" });
}

/** Samples nearer to each other than this are in one place. */
const LEAST_PX = 1;

export interface MapFrame {
  readonly width: number;
  readonly height: number;
  /** Free at every side. */
  readonly margin: number;
}

/**
 * Between the map's px and its canvas': the samples [K,2] fill it, one scale for both axes. Distances
 * from the middle go by asinh, so that a few wild futures at the rim leave room for the many calm ones.
 */
export function mapScale(placesK2: Float32Array, { width, height, margin }: MapFrame) {
  const away = Array.from({ length: placesK2.length / 2 }, (_, k) =>
    Math.hypot(placesK2[2 * k], placesK2[2 * k + 1]),
  );
  const usual = Math.max(LEAST_PX, away.toSorted((a, b) => a - b)[away.length >> 1] ?? 0);
  const squeezed = (length: number) => Math.asinh(length / usual);
  let [x, y] = [squeezed(LEAST_PX), squeezed(LEAST_PX)];
  away.forEach((length, k) => {
    if (length === 0) return;
    const share = squeezed(length) / length;
    x = Math.max(x, Math.abs(placesK2[2 * k]) * share);
    y = Math.max(y, Math.abs(placesK2[2 * k + 1]) * share);
  });
  const factor = Math.min((width / 2 - margin) / x, (height / 2 - margin) / y);
  return {
    pixelOf(px: number, py: number): readonly [number, number] {
      const length = Math.hypot(px, py);
      const share = length > 0 ? (factor * squeezed(length)) / length : 0;
      return [width / 2 + share * px, height / 2 + share * py];
    },
    placeOf(cx: number, cy: number): readonly [number, number] {
      const [dx, dy] = [cx - width / 2, cy - height / 2];
      const length = Math.hypot(dx, dy);
      const share = length > 0 ? (usual * Math.sinh(length / factor)) / length : 0;
      return [share * dx, share * dy];
    },
  };
}

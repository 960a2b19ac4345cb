import type { Size } from "../../domain/clip.ts";
import { displaySize, type Fitting, type Orientation, type Rect } from "../../domain/fitting.ts";

/** Where a stored picture goes: turned upright, cut, scaled into a target of `size`. */
export interface Placement {
  readonly orientation: Orientation;
  readonly display: Size;
  readonly fitting: Fitting;
  readonly size: Size;
  /** Width / height of one stored pixel; 1 where absent. */
  readonly pixelAspect?: number;
}

/**
 * `placement` for a picture of `stored` size: in some clips the size changes. A picture of the
 * clip's shape fills its frame, another stands in the middle of it with black beside.
 */
export function placementOf(placement: Placement, stored: Size): Placement {
  const { display, fitting, orientation, pixelAspect = 1 } = placement;
  const own = displaySize(stored, pixelAspect, orientation);
  const scale = Math.min(display.width / own.width, display.height / own.height);
  const width = own.width * scale;
  const height = own.height * scale;
  // Sizes are whole pixels, so the same shape may differ by one.
  const slack = Math.max(1, scale);
  if (display.width - width <= slack && display.height - height <= slack) return placement;
  const left = (display.width - width) / 2;
  const top = (display.height - height) / 2;
  const { source, destination } = fitting;
  const across = visible(source.x, source.width, left, width, destination.x, destination.width);
  const down = visible(source.y, source.height, top, height, destination.y, destination.height);
  return {
    ...placement,
    display: own,
    fitting: {
      source: {
        x: across.from / scale,
        y: down.from / scale,
        width: across.extent / scale,
        height: down.extent / scale,
      },
      destination: {
        x: across.at,
        y: down.at,
        width: across.length,
        height: down.length,
      },
    },
  };
}

/** One axis: the part of a picture at [start, start + extent) that a cut shows, and where. */
function visible(
  cutStart: number,
  cutExtent: number,
  start: number,
  extent: number,
  targetStart: number,
  targetLength: number,
) {
  const from = Math.max(cutStart, start);
  const to = Math.min(cutStart + cutExtent, start + extent);
  const pixels = targetLength / cutExtent;
  const at = targetStart + Math.round((from - cutStart) * pixels);
  const end = targetStart + Math.round((to - cutStart) * pixels);
  return { from: from - start, extent: to - from, at, length: Math.max(1, end - at) };
}

/** The part of the stored picture that is shown, in stored pixels. */
export function storedRect(placement: Placement, stored: Size): Rect {
  const { display, fitting, orientation } = placement;
  const { source } = fitting;
  const { rotation, flip } = orientation;
  const left = source.x / display.width;
  const right = (source.x + source.width) / display.width;
  const top = source.y / display.height;
  const bottom = (source.y + source.height) / display.height;
  const [u0, u1] = flip ? [1 - right, 1 - left] : [left, right];
  const [x0, x1, y0, y1] =
    rotation === 0
      ? [u0, u1, top, bottom]
      : rotation === 90
        ? [top, bottom, 1 - u1, 1 - u0]
        : rotation === 180
          ? [1 - u1, 1 - u0, 1 - bottom, 1 - top]
          : [1 - bottom, 1 - top, u0, u1];
  return {
    x: x0 * stored.width,
    y: y0 * stored.height,
    width: (x1 - x0) * stored.width,
    height: (y1 - y0) * stored.height,
  };
}

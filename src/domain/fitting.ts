import type { Fit, Size } from "./clip.ts";

/** Continuous coordinates: 0 is the left or upper edge of the first pixel. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** `source` of the clip's display picture fills `destination` of the target; the rest is black. */
export interface Fitting {
  readonly source: Rect;
  readonly destination: Rect;
}

/** How a stored picture is turned: clockwise by `rotation`, then mirrored left-right by `flip`. */
export interface Orientation {
  readonly rotation: 0 | 90 | 180 | 270;
  readonly flip: boolean;
}

export const UPRIGHT: Orientation = { rotation: 0, flip: false };

/**
 * Size on screen of a stored picture. `pixelAspect` = width / height of one stored pixel; the
 * shorter side grows, so no stored pixel is lost.
 */
export function displaySize(stored: Size, pixelAspect: number, orientation: Orientation): Size {
  const width = Math.round(pixelAspect > 1 ? stored.width * pixelAspect : stored.width);
  const height = Math.round(pixelAspect < 1 ? stored.height / pixelAspect : stored.height);
  const turned = orientation.rotation % 180 !== 0;
  return turned ? { width: height, height: width } : { width, height };
}

/** `cover` crops the longer side evenly; `letterbox` shows all, on whole target pixels. */
export function fitPicture(display: Size, target: Size, fit: Fit): Fitting {
  const scaleX = target.width / display.width;
  const scaleY = target.height / display.height;
  if (fit === "cover") {
    const scale = Math.max(scaleX, scaleY);
    const width = target.width / scale;
    const height = target.height / scale;
    return {
      source: {
        x: (display.width - width) / 2,
        y: (display.height - height) / 2,
        width,
        height,
      },
      destination: { x: 0, y: 0, ...target },
    };
  }
  const scale = Math.min(scaleX, scaleY);
  const width = Math.max(1, Math.round(display.width * scale));
  const height = Math.max(1, Math.round(display.height * scale));
  return {
    source: { x: 0, y: 0, ...display },
    destination: {
      x: Math.floor((target.width - width) / 2),
      y: Math.floor((target.height - height) / 2),
      width,
      height,
    },
  };
}

/** videoPx to pixels of the clip's display picture; both count 0 as the first pixel's centre. */
export function clipPxFromVideoPx(fitting: Fitting, x: number, y: number): [number, number] {
  const { source, destination } = fitting;
  return [
    source.x + ((x + 0.5 - destination.x) * source.width) / destination.width - 0.5,
    source.y + ((y + 0.5 - destination.y) * source.height) / destination.height - 0.5,
  ];
}

/** The inverse of `clipPxFromVideoPx`. */
export function videoPxFromClipPx(fitting: Fitting, x: number, y: number): [number, number] {
  const { source, destination } = fitting;
  return [
    destination.x + ((x + 0.5 - source.x) * destination.width) / source.width - 0.5,
    destination.y + ((y + 0.5 - source.y) * destination.height) / source.height - 0.5,
  ];
}

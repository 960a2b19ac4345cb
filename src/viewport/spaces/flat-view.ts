import type { Size } from "../../domain/clip.ts";

/** How the flat picture is enlarged and moved; {1, 0, 0} shows all of it. */
export interface FlatPlace {
  readonly zoom: number;
  /** videoPx from the picture's middle to what is in the middle of the view. */
  readonly x: number;
  readonly y: number;
}

export const WHOLE_PICTURE: FlatPlace = { zoom: 1, x: 0, y: 0 };

const MOST_ZOOM = 32;

/** Enlarges about a position that stays put, given in videoPx from the picture's middle. */
export function zoomedAbout(
  place: FlatPlace,
  factor: number,
  at: { readonly x: number; readonly y: number },
  frameSize: Size,
): FlatPlace {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, place.zoom * factor));
  const kept = place.zoom / zoom;
  return within(
    { zoom, x: at.x + (place.x - at.x) * kept, y: at.y + (place.y - at.y) * kept },
    frameSize,
  );
}

/** Moved by videoPx, the view's middle staying on the picture. */
export function panned(place: FlatPlace, dx: number, dy: number, frameSize: Size): FlatPlace {
  return within({ ...place, x: place.x + dx, y: place.y + dy }, frameSize);
}

function within({ zoom, x, y }: FlatPlace, { width, height }: Size): FlatPlace {
  if (zoom === 1) return WHOLE_PICTURE;
  const clamp = (value: number, half: number) => Math.min(half, Math.max(-half, value));
  return { zoom, x: clamp(x, width / 2), y: clamp(y, height / 2) };
}

export interface FlatHost {
  /** Whether the flat picture is shown at all. */
  readonly isShown: () => boolean;
  readonly frameSize: () => Size;
  /** CSS px of one videoPx at this place of the canvas, and the videoPx from the picture's middle. */
  readonly at: (x: number, y: number) => { scale: number; x: number; y: number } | null;
  readonly place: () => FlatPlace;
  readonly setPlace: (place: FlatPlace) => void;
}

/**
 * Gestures of the flat picture: the wheel enlarges about the pointer, the middle button moves it, and
 * two fingers do both. One finger and the left button belong to the tools.
 */
export function bindFlatGestures(
  canvas: HTMLCanvasElement,
  host: FlatHost,
  signal: AbortSignal,
): void {
  const fingers = new Map<number, { x: number; y: number }>();
  let dragged: { id: number; x: number; y: number } | null = null;
  const placeOf = (event: MouseEvent) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const zoom = (factor: number, x: number, y: number) => {
    const at = host.at(x, y);
    if (at) host.setPlace(zoomedAbout(host.place(), factor, at, host.frameSize()));
  };
  const pan = (dx: number, dy: number, x: number, y: number) => {
    const at = host.at(x, y);
    if (at) host.setPlace(panned(host.place(), -dx / at.scale, -dy / at.scale, host.frameSize()));
  };
  const wheel = (event: WheelEvent) => {
    if (!host.isShown()) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const { x, y } = placeOf(event);
    zoom(Math.exp((-event.deltaY * lines) / 400), x, y);
  };
  const down = (event: PointerEvent) => {
    if (!host.isShown()) return;
    if (event.pointerType === "touch") fingers.set(event.pointerId, placeOf(event));
    if (event.button !== 1) return;
    event.preventDefault();
    dragged = { id: event.pointerId, ...placeOf(event) };
    canvas.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    const to = placeOf(event);
    if (dragged?.id === event.pointerId) {
      pan(to.x - dragged.x, to.y - dragged.y, to.x, to.y);
      dragged = { id: event.pointerId, ...to };
    }
    const from = fingers.get(event.pointerId);
    if (!from) return;
    fingers.set(event.pointerId, to);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other || fingers.size !== 2) return;
    const middle = { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 };
    const before = Math.hypot(from.x - other.x, from.y - other.y);
    const after = Math.hypot(to.x - other.x, to.y - other.y);
    pan((to.x - from.x) / 2, (to.y - from.y) / 2, middle.x, middle.y);
    if (before > 8) zoom(after / before, middle.x, middle.y);
  };
  const up = (event: PointerEvent) => {
    fingers.delete(event.pointerId);
    if (dragged?.id === event.pointerId) dragged = null;
  };
  canvas.addEventListener("wheel", wheel, { signal, passive: false });
  // Before the tools, which take what is theirs; they never take these.
  const options = { signal, capture: true };
  canvas.addEventListener("pointerdown", down, options);
  canvas.addEventListener("pointermove", move, options);
  for (const kind of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
    canvas.addEventListener(kind, up, options);
  }
}

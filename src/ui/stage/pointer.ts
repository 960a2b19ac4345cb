import { studio } from "../../store/studio.ts";
import type { Viewport } from "../../viewport/viewport.ts";
import type { Hover } from "./hover.ts";

/** A press that moves farther than this is a drag of the view, not a click on a point. */
const CLICK_SLOP_PX = 4;

/** Hover names a point; a click picks it out, Shift adds, a click beside everything lifts it. */
export function bindPointer(
  viewport: Viewport,
  canvas: HTMLCanvasElement,
  onHover: (hover: Hover | null) => void,
): () => void {
  const events = new AbortController();
  const { signal } = events;
  let pressed: { x: number; y: number } | null = null;
  const at = (event: MouseEvent) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const move = (event: PointerEvent) => {
    const { x, y } = at(event);
    const pick = pressed || event.pointerType === "touch" ? null : viewport.pick(x, y);
    viewport.setHover(pick);
    onHover(pick ? { pick, x, y } : null);
  };
  const click = (event: PointerEvent) => {
    const { x, y } = at(event);
    const still = pressed && Math.hypot(x - pressed.x, y - pressed.y) < CLICK_SLOP_PX;
    pressed = null;
    if (!still) return;
    const pick = viewport.pick(x, y);
    const { view, setView } = studio();
    const others = event.shiftKey ? view.selectedPoints : [];
    const selectedPoints = !pick
      ? others
      : view.selectedPoints.includes(pick.point)
        ? others.filter((point) => point !== pick.point)
        : [...others, pick.point];
    if (selectedPoints.length + view.selectedPoints.length > 0) setView({ selectedPoints });
  };
  const leave = () => {
    pressed = null;
    viewport.setHover(null);
    onHover(null);
  };
  canvas.addEventListener(
    "pointerdown",
    (event) => {
      pressed = at(event);
    },
    { signal },
  );
  canvas.addEventListener("pointermove", move, { signal });
  canvas.addEventListener("pointerup", click, { signal });
  canvas.addEventListener("pointerleave", leave, { signal });
  return () => events.abort();
}

import type { Viewport } from "../viewport.ts";
import { drawMarks, type Mark } from "./marks.ts";
import type { PointerPlace, Tool } from "./tool.ts";

/**
 * Gives the pointer over the stage to one tool. Esc, the right button, a second finger and a pointer
 * that the browser takes away drop the tool's gesture. Marks and tools draw on a sheet of their own,
 * which exported pictures do not hold.
 */
export class ToolHost {
  private readonly events = new AbortController();
  private readonly sheet = document.createElement("canvas");
  /** The pointer whose gesture the tool took. */
  private captured: number | null = null;
  private isHeld = false;
  /** The press that dropped a gesture opens no menu. */
  private swallowsMenu = false;

  constructor(
    private readonly viewport: Viewport,
    private tool: Tool,
    private readonly marks: () => readonly Mark[],
    private readonly onLeft: () => void,
  ) {
    const { canvas } = viewport;
    this.sheet.setAttribute("aria-hidden", "true");
    Object.assign(this.sheet.style, { position: "absolute", inset: "0", pointerEvents: "none" });
    canvas.after(this.sheet);
    // Before the camera's own listeners, which must not see what a tool takes.
    const options = { signal: this.events.signal, capture: true };
    canvas.addEventListener("pointerdown", this.onDown, options);
    canvas.addEventListener("pointermove", this.onMove, options);
    canvas.addEventListener("pointerup", this.onUp, options);
    canvas.addEventListener("pointercancel", this.onLost, options);
    canvas.addEventListener("lostpointercapture", this.onLost, options);
    canvas.addEventListener("pointerleave", this.onLeave, options);
    canvas.addEventListener("contextmenu", this.onMenu, options);
    window.addEventListener("keydown", this.onKey, options);
    canvas.style.cursor = tool.cursor;
  }

  /** Aborted when the host is disposed of. */
  get signal(): AbortSignal {
    return this.events.signal;
  }

  setTool(tool: Tool): void {
    this.drop();
    this.onLeft();
    this.tool = tool;
    this.viewport.canvas.style.cursor = tool.cursor;
    this.viewport.redraw();
  }

  /** Draws marks and tool over the frame that the viewport has just drawn. */
  draw(): void {
    const { canvas, pixelRatio } = this.viewport;
    const { sheet } = this;
    const { clientWidth, clientHeight } = canvas;
    if (sheet.width !== canvas.width || sheet.height !== canvas.height) {
      sheet.width = canvas.width;
      sheet.height = canvas.height;
      Object.assign(sheet.style, { width: `${clientWidth}px`, height: `${clientHeight}px` });
    }
    const context = sheet.getContext("2d");
    if (!context) return;
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    context.clearRect(0, 0, clientWidth, clientHeight);
    const { relativePlayhead: playhead } = this.viewport;
    const pen = { context, views: this.viewport.views(), playhead };
    drawMarks(pen, this.marks());
    this.tool.draw(pen);
  }

  dispose(): void {
    this.drop();
    this.events.abort();
    this.sheet.remove();
  }

  private readonly onDown = (event: PointerEvent): void => {
    this.swallowsMenu = this.captured !== null;
    if (this.captured !== null) {
      this.drop();
      event.stopImmediatePropagation();
      return;
    }
    if (event.button !== 0 || !event.isPrimary) return;
    this.isHeld = true;
    if (!this.tool.down(this.placeOf(event))) return;
    this.captured = event.pointerId;
    this.viewport.canvas.setPointerCapture(event.pointerId);
    event.stopImmediatePropagation();
  };

  private readonly onMove = (event: PointerEvent): void => {
    if (this.captured === null) {
      this.tool.move(this.placeOf(event), this.isHeld);
      return;
    }
    if (event.pointerId !== this.captured) return;
    event.stopImmediatePropagation();
    // A second button of a mouse that is held tells itself by a move only.
    if (event.buttons & 2) {
      this.swallowsMenu = true;
      this.drop();
      return;
    }
    const all = event.getCoalescedEvents?.() ?? [];
    for (const part of all.length > 0 ? all : [event]) this.tool.move(this.placeOf(part), true);
  };

  private readonly onUp = (event: PointerEvent): void => {
    if (!this.isHeld || (this.captured !== null && event.pointerId !== this.captured)) return;
    if (this.captured !== null) event.stopImmediatePropagation();
    this.release();
    if (event.button === 0) this.tool.up(this.placeOf(event));
    else this.tool.cancel();
  };

  private readonly onMenu = (event: Event): void => {
    if (this.swallowsMenu) event.preventDefault();
    this.swallowsMenu = false;
  };

  private readonly onLost = (event: PointerEvent): void => {
    if (event.pointerId === this.captured || event.type === "pointercancel") this.drop();
  };

  private readonly onLeave = (): void => {
    if (this.captured !== null) return;
    this.isHeld = false;
    this.viewport.setHover(null);
    this.onLeft();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    if (!this.drop()) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** True where the tool had something under way. */
  private drop(): boolean {
    this.release();
    return this.tool.cancel();
  }

  private release(): void {
    const { captured } = this;
    this.captured = null;
    this.isHeld = false;
    const { canvas } = this.viewport;
    if (captured !== null && canvas.hasPointerCapture(captured)) {
      canvas.releasePointerCapture(captured);
    }
  }

  private placeOf(event: PointerEvent): PointerPlace {
    const { left, top } = this.viewport.canvas.getBoundingClientRect();
    return {
      x: event.clientX - left,
      y: event.clientY - top,
      shift: event.shiftKey,
      alt: event.altKey,
      isTouch: event.pointerType === "touch",
      millis: event.timeStamp,
    };
  }
}

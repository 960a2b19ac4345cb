// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from "vitest";
import { ToolHost } from "./host.ts";
import type { Tool } from "./tool.ts";

/** What a tool was told, in order. */
let told: string[];
let isBusy: boolean;
let takes: boolean;
let canvas: HTMLCanvasElement;
let host: ToolHost;

const tool: Tool = {
  cursor: "crosshair",
  down(at) {
    told.push(`down ${at.x},${at.y}`);
    isBusy = takes;
    return takes;
  },
  move: (at, held) => void told.push(`${held ? "drag" : "hover"} ${at.x},${at.y}`),
  up(at) {
    told.push(`up ${at.x},${at.y}`);
    isBusy = false;
  },
  cancel() {
    const had = isBusy;
    isBusy = false;
    if (had) told.push("cancel");
    return had;
  },
  draw: () => undefined,
};

function send(type: string, x: number, init: PointerEventInit = {}): PointerEvent {
  const place = { clientX: x, clientY: 0, pointerId: 1, isPrimary: true, button: 0 };
  const event = new PointerEvent(type, { bubbles: true, cancelable: true, ...place, ...init });
  canvas.dispatchEvent(event);
  return event;
}

beforeEach(() => {
  told = [];
  isBusy = false;
  takes = true;
  document.body.innerHTML = "<div><canvas></canvas></div>";
  canvas = document.querySelector("canvas") as HTMLCanvasElement;
  const captured = new Set<number>();
  Object.assign(canvas, {
    setPointerCapture: (id: number) => captured.add(id),
    hasPointerCapture: (id: number) => captured.has(id),
    releasePointerCapture: (id: number) => captured.delete(id),
  });
  const viewport = { canvas, redraw: () => undefined, setHover: () => undefined };
  host = new ToolHost(
    viewport as never,
    tool,
    () => [],
    () => void told.push("left"),
  );
});

afterEach(() => host.dispose());

test("a press that the tool takes never reaches the camera, from down to up", () => {
  const seen: string[] = [];
  for (const type of ["pointerdown", "pointermove", "pointerup"]) {
    canvas.addEventListener(type, () => seen.push(type));
  }
  send("pointerdown", 1);
  send("pointermove", 2);
  send("pointerup", 3);
  expect(told).toEqual(["down 1,0", "drag 2,0", "up 3,0"]);
  expect(seen).toEqual([]);
  takes = false;
  send("pointerdown", 1);
  send("pointerup", 1);
  expect(seen).toEqual(["pointerdown", "pointerup"]);
});

test.each<[string, () => void]>([
  ["Esc", () => window.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }))],
  ["the right button", () => send("pointermove", 2, { buttons: 3 })],
  ["a second finger", () => send("pointerdown", 9, { pointerId: 2, isPrimary: false })],
  ["a lost pointer", () => send("lostpointercapture", 2)],
  ["the browser", () => send("pointercancel", 2)],
])("%s drops the gesture, and its end is not told", (_, drop) => {
  send("pointerdown", 1);
  drop();
  send("pointerup", 3);
  expect(told).toEqual(["down 1,0", "cancel"]);
});

test("Esc is the page's own where nothing is under way", () => {
  const press = new KeyboardEvent("keydown", { key: "Escape", cancelable: true });
  window.dispatchEvent(press);
  expect(press.defaultPrevented).toBe(false);
});

test("only a press that dropped something keeps the menu away", () => {
  const menu = () => send("contextmenu", 2).defaultPrevented;
  expect(menu()).toBe(false);
  send("pointerdown", 1);
  send("pointermove", 2, { buttons: 3 });
  expect(menu()).toBe(true);
  expect(menu()).toBe(false);
});

test("another tool begins with nothing under way and no name at the pointer", () => {
  send("pointerdown", 1);
  host.setTool({ ...tool, cursor: "grab" });
  expect(told).toEqual(["down 1,0", "cancel", "left"]);
  expect(canvas.style.cursor).toBe("grab");
});

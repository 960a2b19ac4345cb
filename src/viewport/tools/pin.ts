import type { EditScene } from "../../domain/edits/kind.ts";
import { movedPin, type PinEdit, pinOf } from "../../domain/edits/pin.ts";
import type { TileView } from "../tile-view.ts";
import { HANDLE_PX, isFar, markUnder } from "./grips.ts";
import { drawMarks, type Mark } from "./marks.ts";
import type { Pen } from "./pen.ts";
import type { PointerPlace, Tool, ToolEntry, ToolPort, ToolStage } from "./tool.ts";
import { DRAFT_NAMES } from "./tool.ts";

/** A press farther than this from every point at "now" takes none, videoPx. */
const REACH_PX = 32;

/**
 * Says where a point has to be: drag it there, or click on it and then on the place. It holds in the
 * frame under the playhead; at "now" and before, in the last frame of the horizon. Alt-click removes.
 */
export const pinTool: ToolEntry = {
  id: "pin",
  label: "Pin",
  key: "p",
  title: "Say where a point has to be: drag it there, or click on it and then on the place",
  edits: true,
  create: (stage, port) => new PinTool(stage, port),
};

/** A pin on its way. */
interface Draft {
  /** Of the pin that is being moved; null for a new one. */
  readonly mark: Mark | null;
  readonly point: number;
  /** Relative to "now". */
  readonly frame: number;
  readonly fromX: number;
  readonly fromY: number;
  readonly view: TileView;
  readonly down: PointerPlace;
  /** From the pointer to the place, videoPx: a handle does not jump under it. */
  readonly offsetX: number;
  readonly offsetY: number;
  at: PointerPlace;
  isDrag: boolean;
}

class PinTool implements Tool {
  readonly cursor = "crosshair";
  private draft: Draft | null = null;
  /** After a click on a point, until the click on its place. */
  private isArmed = false;

  constructor(
    private readonly stage: ToolStage,
    private readonly port: ToolPort,
  ) {}

  down(at: PointerPlace): boolean {
    const scene = this.port.scene();
    const view = this.stage.viewAt(at.x, at.y);
    if (!scene || !view) return false;
    if (this.draft && this.isArmed) {
      this.draft = { ...this.draft, view, at, isDrag: true };
      this.stage.redraw();
      return true;
    }
    const mark = markUnder(this.port, "pin", at, view);
    if (mark && at.alt) {
      this.port.remove(mark.editId);
      return true;
    }
    this.draft = mark ? this.moving(mark, view, at) : this.placing(scene, view, at);
    return this.draft !== null;
  }

  move(at: PointerPlace, held: boolean): void {
    const { draft } = this;
    if (!draft) {
      const view = this.stage.viewAt(at.x, at.y);
      const taken = view && markUnder(this.port, "pin", at, view);
      this.stage.setHover(
        held || at.isTouch || taken ? null : this.stage.pick(at.x, at.y, HANDLE_PX),
      );
      return;
    }
    draft.at = at;
    draft.isDrag ||= isFar(draft.down, at);
    if (draft.isDrag || this.isArmed) this.port.preview(this.made(draft, DRAFT_NAMES));
    this.stage.redraw();
  }

  up(at: PointerPlace): void {
    const { draft } = this;
    if (!draft) return;
    draft.at = at;
    if (!draft.isDrag && !draft.mark) {
      this.isArmed = true;
      this.stage.redraw();
      return;
    }
    if (draft.isDrag) this.commit(draft);
    else this.port.select(draft.mark?.editId ?? null);
    this.cancel();
  }

  cancel(): boolean {
    const had = this.draft !== null;
    this.draft = null;
    this.isArmed = false;
    if (had) this.port.preview(null);
    this.stage.setHover(null);
    this.stage.redraw();
    return had;
  }

  draw(pen: Pen): void {
    const { draft } = this;
    const place = draft && placeOf(draft);
    if (!draft || !place) return;
    const { frame, fromX, fromY, mark } = draft;
    const label = mark?.label ?? `frame ${frame}`;
    const flags = { isOn: true, isSelected: true, editId: "", handle: 0 };
    drawMarks(pen, [{ ...flags, ...place, label, frame, fromX, fromY }]);
  }

  private commit(draft: Draft): void {
    const made = this.made(draft, draft.mark ? DRAFT_NAMES : this.port.freshEdit("pin"));
    if (!made) return;
    this.port.commit(made);
    if (!draft.mark) this.port.select(made.id);
  }

  /** The pin as an edit: a new one of those names, or the one whose handle is moved. */
  private made(
    draft: Draft,
    { id, name }: { readonly id: string; readonly name: string },
  ): PinEdit | null {
    const place = placeOf(draft);
    const scene = this.port.scene();
    if (!place || !scene) return null;
    const { mark, point, frame } = draft;
    if (!mark) return pinOf(id, name, point, frame - 1, [place.x, place.y]);
    const edit = this.port.edit(mark.editId);
    return edit?.kind === "pin" ? movedPin(edit, mark.handle, place, scene) : null;
  }

  private moving(mark: Mark, view: TileView, at: PointerPlace): Draft {
    const { frame, fromX, fromY } = mark;
    const under = view.toTrack(at.x, at.y, frame) ?? mark;
    const offsets = { offsetX: mark.x - under.x, offsetY: mark.y - under.y };
    return { mark, point: 0, frame, fromX, fromY, view, down: at, ...offsets, at, isDrag: false };
  }

  private placing(scene: EditScene, view: TileView, at: PointerPlace): Draft | null {
    const { startN2, frameCount } = scene;
    const point = this.stage.pick(at.x, at.y, HANDLE_PX)?.point ?? nearestPoint(startN2, view, at);
    if (point === null || 2 * point >= startN2.length) return null;
    const shown = Math.round(this.stage.relativePlayhead);
    const frame = shown < 1 ? frameCount : Math.min(shown, frameCount);
    const [fromX, fromY] = startN2.subarray(2 * point, 2 * point + 2);
    const none = { mark: null, offsetX: 0, offsetY: 0, isDrag: false };
    return { ...none, point, frame, fromX, fromY, view, down: at, at };
  }
}

/** The point that is nearest to the pointer at "now". */
function nearestPoint(startN2: Float32Array, view: TileView, at: PointerPlace): number | null {
  const under = view.toTrack(at.x, at.y, 0);
  if (!under) return null;
  let nearest: number | null = null;
  let least = REACH_PX;
  for (let point = 0; point < startN2.length / 2; point++) {
    const distance = Math.hypot(startN2[2 * point] - under.x, startN2[2 * point + 1] - under.y);
    if (distance < least) [nearest, least] = [point, distance];
  }
  return nearest;
}

function placeOf({ view, at, frame, offsetX, offsetY }: Draft) {
  const under = view.toTrack(at.x, at.y, frame);
  return under && { x: under.x + offsetX, y: under.y + offsetY };
}

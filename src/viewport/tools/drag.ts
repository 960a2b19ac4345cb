import { type DragEdit, dragFrom, dragKind, dragOf, dragTo } from "../../domain/edits/drag.ts";
import type { StrokeSample } from "../../domain/edits/stroke.ts";
import type { TileView } from "../tile-view.ts";
import { drawDraft, isFar, markUnder } from "./grips.ts";
import type { Mark } from "./marks.ts";
import type { Pen } from "./pen.ts";
import type { PointerPlace, Tool, ToolEntry, ToolPort, ToolStage } from "./tool.ts";
import { DRAFT_NAMES } from "./tool.ts";

/** A sample nearer than this to the last one, in place and time, tells nothing. */
const LEAST_PX = 0.5;
const LEAST_MILLIS = 8;
/** How long a drag between two clicks takes, where nothing tells its time. */
const CLICK_MILLIS = 1000;

/**
 * Moves a patch of the picture along a drawn path, as fast as it is drawn. Two clicks, or Shift, make a
 * straight and even one. A handle of a drag moves its patch or bends its end. It begins in the frame
 * under the playhead and ends with the horizon. Alt-click removes.
 */
export const dragTool: ToolEntry = {
  id: "drag",
  label: "Drag",
  key: "d",
  title: "Move a part of the picture along a path: draw it, or click where it begins and ends",
  edits: true,
  create: (stage, port) => new DragTool(stage, port),
};

/** A path on its way. */
interface Draft {
  readonly view: TileView;
  readonly down: PointerPlace;
  samples: StrokeSample[];
  isDrag: boolean;
}

/** A handle on its way. */
interface Grip {
  readonly view: TileView;
  readonly down: PointerPlace;
  readonly mark: Mark;
  readonly edit: DragEdit;
  moved: DragEdit | null;
}

class DragTool implements Tool {
  readonly cursor = "crosshair";
  private draft: Draft | null = null;
  private grip: Grip | null = null;
  /** After a click on the beginning, until the click on the end. */
  private isArmed = false;

  constructor(
    private readonly stage: ToolStage,
    private readonly port: ToolPort,
  ) {}

  down(at: PointerPlace): boolean {
    const view = this.stage.viewAt(at.x, at.y);
    if (!this.port.scene() || !view) return false;
    if (this.isArmed && this.draft) {
      this.extend(this.draft, at, true);
      this.draft.isDrag = true;
      return true;
    }
    const mark = markUnder(this.port, "drag", at, view);
    const edit = mark && this.port.edit(mark.editId);
    if (mark && edit?.kind === "drag") {
      if (at.alt) this.port.remove(mark.editId);
      else this.grip = { view, down: at, mark, edit, moved: null };
      return true;
    }
    const start = view.toTrack(at.x, at.y, 0);
    if (!start) return false;
    this.draft = { view, down: at, samples: [[start.x, start.y, at.millis]], isDrag: false };
    return true;
  }

  move(at: PointerPlace, held: boolean): void {
    const { draft, grip } = this;
    if (grip) {
      this.pull(grip, at);
    } else if (draft) {
      draft.isDrag ||= held && isFar(draft.down, at);
      if (draft.isDrag || this.isArmed) this.extend(draft, at, this.isArmed || at.shift);
    }
    if (!draft && !grip) return;
    this.port.preview(this.underWay());
    this.stage.redraw();
  }

  up(at: PointerPlace): void {
    const { draft, grip } = this;
    if (grip) {
      this.pull(grip, at);
      if (grip.moved) this.port.commit(grip.moved);
      this.port.select(grip.edit.id);
    } else if (draft && !draft.isDrag) {
      this.isArmed = true;
      this.stage.redraw();
      return;
    } else if (draft) {
      this.extend(draft, at, this.isArmed || at.shift);
      const made = this.made(draft, this.port.freshEdit("drag"));
      this.port.commit(made);
      this.port.select(made.id);
    }
    this.cancel();
  }

  cancel(): boolean {
    const had = this.draft !== null || this.grip !== null;
    this.draft = null;
    this.grip = null;
    this.isArmed = false;
    if (had) this.port.preview(null);
    this.stage.redraw();
    return had;
  }

  draw(pen: Pen): void {
    const scene = this.port.scene();
    const edit = this.underWay();
    if (!scene || !edit) return;
    drawDraft(pen, dragKind.handles(edit, scene));
  }

  /** What up would commit now. */
  private underWay(): DragEdit | null {
    const { draft, grip } = this;
    return grip ? grip.moved : draft && this.made(draft, DRAFT_NAMES);
  }

  /** The path as an edit: straight and even after clicks, as it was drawn otherwise. */
  private made(
    { samples }: Draft,
    names: { readonly id: string; readonly name: string },
  ): DragEdit {
    const last = (this.port.scene()?.frameCount ?? 1) - 1;
    const shown = Math.round(this.stage.relativePlayhead);
    const first = Math.min(Math.max(0, shown), last);
    const timing = samples.length <= 2 ? "even" : "drawn";
    const drag = dragOf(names, [first === last ? 0 : first, last], samples, timing);
    return { ...drag, ...this.port.patch() };
  }

  /** Adds the place under the pointer to the path; `straight` keeps only its beginning beside it. */
  private extend(draft: Draft, at: PointerPlace, straight: boolean): void {
    const place = draft.view.toTrack(at.x, at.y, 0);
    if (!place) return;
    const [first] = draft.samples;
    if (straight) {
      draft.samples = [first, [place.x, place.y, first[2] + CLICK_MILLIS]];
      return;
    }
    const last = draft.samples[draft.samples.length - 1];
    const near = Math.hypot(place.x - last[0], place.y - last[1]) < LEAST_PX;
    if (near && at.millis - last[2] < LEAST_MILLIS) return;
    draft.samples.push([place.x, place.y, Math.max(at.millis, last[2])]);
  }

  private pull(grip: Grip, at: PointerPlace): void {
    if (grip.moved || isFar(grip.down, at)) grip.moved = moved(grip, at);
  }
}

/** The drag whose handle has followed the pointer: the first moves it all, the last bends its end. */
function moved({ view, down, mark, edit }: Grip, at: PointerPlace): DragEdit {
  const from = view.toTrack(down.x, down.y, mark.frame);
  const to = view.toTrack(at.x, at.y, mark.frame);
  if (!from || !to) return edit;
  const [x, y] = [mark.x + to.x - from.x, mark.y + to.y - from.y];
  return mark.handle === 0
    ? dragFrom(edit, [x, y])
    : dragTo(edit, [x - edit.centre[0], y - edit.centre[1]]);
}

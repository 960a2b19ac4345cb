import type { TileView } from "../tile-view.ts";
import { isFar } from "./grips.ts";
import { drawArea, drawNumbered } from "./marks.ts";
import type { Pen } from "./pen.ts";
import type { PointerPlace, RegionUse, Tool, ToolEntry, ToolPort, ToolStage } from "./tool.ts";

/** Lays the motion of another clip into a box that is drawn; a click means the whole picture. */
export const transferTool: ToolEntry = {
  id: "transfer",
  label: "Transfer",
  key: "t",
  title: "Lay the motion of another clip over this picture: draw the box it goes to, or take all",
  edits: true,
  create: (stage, port) => new RegionTool("transfer", stage, port),
};

/** Makes the motion of a thing larger: click on it, or draw a box around it. */
export const magnifyTool: ToolEntry = {
  id: "magnify",
  label: "Magnify",
  key: "m",
  title: "Make the motion of a thing larger: click on it, or draw a box around it",
  edits: true,
  create: (stage, port) => new RegionTool("magnify", stage, port),
};

/** Wishes that picked points, or all that is in a box, are in it; draws the chosen wish's box anew. */
export const wishTool: ToolEntry = {
  id: "wish",
  label: "Wish",
  key: "w",
  title: "Draw the box in which the picked points, or what is in it now, should stay or arrive",
  edits: true,
  create: (stage, port) => new RegionTool("wish", stage, port),
};

interface Draft {
  readonly view: TileView;
  readonly down: PointerPlace;
  readonly from: readonly [number, number];
  to: readonly [number, number];
  isBox: boolean;
}

class RegionTool implements Tool {
  readonly cursor = "crosshair";
  private draft: Draft | null = null;

  constructor(
    private readonly id: RegionUse,
    private readonly stage: ToolStage,
    private readonly port: ToolPort,
  ) {}

  down(at: PointerPlace): boolean {
    const view = this.stage.viewAt(at.x, at.y);
    const place = view?.toTrack(at.x, at.y, 0);
    if (!this.port.scene() || !view || !place) return false;
    const from = [place.x, place.y] as const;
    this.draft = { view, down: at, from, to: from, isBox: false };
    return true;
  }

  move(at: PointerPlace): void {
    const { draft } = this;
    const place = draft?.view.toTrack(at.x, at.y, 0);
    if (!draft) this.stage.setHover(at.isTouch ? null : this.stage.pick(at.x, at.y));
    if (!draft || !place) return;
    draft.to = [place.x, place.y];
    draft.isBox ||= isFar(draft.down, at);
    this.stage.redraw();
  }

  up(at: PointerPlace): void {
    const { draft } = this;
    if (!draft) return;
    const { from, to, isBox } = draft;
    this.draft = null;
    this.stage.redraw();
    const box = isBox ? ([...from, ...to] as const) : null;
    this.port.region(this.id, box, this.stage.pick(at.x, at.y, 16), to);
  }

  cancel(): boolean {
    const had = this.draft !== null;
    this.draft = null;
    this.stage.redraw();
    return had;
  }

  draw(pen: Pen): void {
    if (this.id === "transfer") drawNumbered(pen, this.port.matched());
    if (!this.draft?.isBox) return;
    const [[x0, y0], [x1, y1]] = [this.draft.from, this.draft.to];
    drawArea(
      pen,
      [],
      [
        [x0, y0],
        [x1, y0],
        [x1, y1],
        [x0, y1],
      ],
      null,
    );
  }
}

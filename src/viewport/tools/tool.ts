import type { BodyShape } from "../../domain/edits/body.ts";
import type { CameraMove } from "../../domain/edits/camera-moves.ts";
import type { Assumed } from "../../domain/edits/depth.ts";
import type { Patch } from "../../domain/edits/drag.ts";
import type { EditScene } from "../../domain/edits/kind.ts";
import type { Edit } from "../../domain/edits.ts";
import type { Pick } from "../pick.ts";
import type { TileView } from "../tile-view.ts";
import type { Mark } from "./marks.ts";
import type { Pen } from "./pen.ts";

/** Of an edit that is not in the document yet; no edit of a document has this id. */
export const DRAFT_NAMES = { id: "", name: "" } as const;

/** Where the pointer is: CSS px from the canvas's upper left corner. */
export interface PointerPlace {
  readonly x: number;
  readonly y: number;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly isTouch: boolean;
  /** When, since some moment. */
  readonly millis: number;
}

/**
 * A way to work on the stage with the pointer. All that one press does, from down to up, is one step
 * of the undo history, made at up; what is dropped leaves no trace.
 */
export interface Tool {
  /** CSS cursor over the stage. */
  readonly cursor: string;
  /** The main button went down; true keeps the gesture from the camera until up or cancel. */
  down(at: PointerPlace): boolean;
  /** `held`: between down and up. */
  move(at: PointerPlace, held: boolean): void;
  up(at: PointerPlace): void;
  /** Drops what is under way (Esc, the right button, a lost pointer); true where there was something. */
  cancel(): boolean;
  /** On the sheet over the stage, after each drawn frame. */
  draw(pen: Pen): void;
}

/** What tools see of the stage; the viewport is one. */
export interface ToolStage {
  pick(x: number, y: number, tolerancePx?: number): Pick | null;
  setHover(pick: Pick | null): void;
  viewAt(x: number, y: number): TileView | null;
  /** Relative to "now". */
  readonly relativePlayhead: number;
  redraw(): void;
}

/** What a box on the picture is drawn for. */
export type RegionUse = "transfer" | "magnify" | "wish";

/** What tools do to the studio. */
export interface ToolPort {
  hover(pick: Pick | null, at: PointerPlace): void;
  /** Picks what lies under the pointer out; null lifts all. `adds`: beside those already picked. */
  choose(pick: Pick | null, adds: boolean): void;
  /** What edits are laid over; null while there is none. */
  scene(): EditScene | null;
  marks(): readonly Mark[];
  edit(id: string): Edit | null;
  /** What the next drag takes along. */
  patch(): Patch;
  /** What the next body is. */
  body(): BodyShape;
  /** What the next camera does, and what it assumes of the scene. */
  camera(): { readonly move: CameraMove; readonly assumed: Assumed };
  /** The edit that is pointed out. */
  selected(): Edit | null;
  /** An id and a name that no edit has; named for `label`, or for its kind. */
  freshEdit(kind: Edit["kind"], label?: string): { readonly id: string; readonly name: string };
  /** Shows what a future would do under the edit while its gesture goes on; null: none does. */
  preview(edit: Edit | null): void;
  /** Adds the edit, or puts it in the place of that with its id: one undoable step. */
  commit(edit: Edit): void;
  /** A box (x0, y0, x1, y1 videoPx at "now") that a tool drew; null: a click `at` a place, on `pick`. */
  region(
    tool: RegionUse,
    box: readonly [number, number, number, number] | null,
    pick: Pick | null,
    at: readonly [number, number],
  ): void;
  /** Places at "now", videoPx, that were matched with places of the motion to be transferred. */
  matched(): readonly (readonly [number, number])[];
  remove(id: string): void;
  /** The edit that the panel points out. */
  select(id: string | null): void;
}

/** A tool as the toolbar, the keys and the stage know it: one file and one entry of `list.ts`. */
export interface ToolEntry {
  readonly id: string;
  readonly label: string;
  /** In lower case. */
  readonly key: string;
  readonly title: string;
  /** Whether it authors edits, which not every model follows. */
  readonly edits: boolean;
  create(stage: ToolStage, port: ToolPort): Tool;
}

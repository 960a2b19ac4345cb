import { areaOf, type PinEdit } from "../../domain/edits/pin.ts";
import type { TileView } from "../tile-view.ts";
import { isFar } from "./grips.ts";
import { drawArea } from "./marks.ts";
import type { Pen } from "./pen.ts";
import type { PointerPlace, Tool, ToolEntry, ToolPort, ToolStage } from "./tool.ts";
import { DRAFT_NAMES } from "./tool.ts";

/** A click this near to the first corner closes the polygon, px. */
const CLOSE_PX = 12;
/** Of the brush, videoPx. */
const BRUSH_PX = 28;

/**
 * Keeps a part of the picture where it is: brush over its points, or click the corners of a polygon
 * and the first one again. With Shift the points join the area that is pointed out, with Alt they
 * leave it.
 */
export const areaTool: ToolEntry = {
  id: "area",
  label: "Area",
  key: "a",
  title: "Keep a part of the picture where it is: brush over it, or click the corners of a polygon",
  edits: true,
  create: (stage, port) => new AreaTool(stage, port),
};

type Corner = readonly [x: number, y: number];

/** An area on its way. */
interface Draft {
  readonly view: TileView;
  /** What it started from; null for a new one. */
  readonly base: PinEdit | null;
  readonly erases: boolean;
  readonly down: PointerPlace;
  readonly brushed: Set<number>;
  /** Of the polygon, videoPx; none while the brush is in use. */
  corners: Corner[];
  /** Where the pointer is, videoPx. */
  at: Corner;
  isBrush: boolean;
}

class AreaTool implements Tool {
  readonly cursor = "crosshair";
  private draft: Draft | null = null;

  constructor(
    private readonly stage: ToolStage,
    private readonly port: ToolPort,
  ) {}

  down(at: PointerPlace): boolean {
    const view = this.stage.viewAt(at.x, at.y);
    const place = view?.toTrack(at.x, at.y, 0);
    if (!this.port.scene() || !view || !place) return false;
    const here = [place.x, place.y] as const;
    if (this.draft) {
      this.draft = { ...this.draft, view, down: at, at: here };
      return true;
    }
    const chosen = at.shift || at.alt ? this.port.selected() : null;
    const base = chosen?.kind === "pin" && chosen.at === null ? chosen : null;
    if (at.alt && !base) return false;
    const flags = { erases: at.alt, isBrush: false };
    this.draft = { view, base, ...flags, down: at, brushed: new Set(), corners: [], at: here };
    return true;
  }

  move(at: PointerPlace, held: boolean): void {
    const { draft } = this;
    const place = draft?.view.toTrack(at.x, at.y, 0);
    if (!draft || !place) return;
    const from = draft.at;
    draft.at = [place.x, place.y];
    if (held && draft.corners.length === 0) {
      draft.isBrush ||= isFar(draft.down, at);
      this.brush(draft.brushed, from, draft.at);
    }
    if (draft.isBrush) this.port.preview(this.made(draft, draft.brushed, DRAFT_NAMES));
    this.stage.redraw();
  }

  up(at: PointerPlace): void {
    const { draft } = this;
    if (!draft) return;
    if (draft.isBrush) {
      this.finish(draft, draft.brushed);
      return;
    }
    const [first] = draft.corners;
    const start = first && draft.view.toScreen(first[0], first[1], 0);
    if (
      start &&
      draft.corners.length > 2 &&
      Math.hypot(start.x - at.x, start.y - at.y) < CLOSE_PX
    ) {
      this.finish(draft, this.inside(draft.corners));
      return;
    }
    draft.corners.push(draft.at);
    this.stage.redraw();
  }

  cancel(): boolean {
    const had = this.draft !== null;
    this.draft = null;
    if (had) this.port.preview(null);
    this.stage.redraw();
    return had;
  }

  draw(pen: Pen): void {
    const { draft } = this;
    const scene = this.port.scene();
    if (!draft || !scene) return;
    const { isBrush, brushed, corners, at } = draft;
    const points = isBrush ? [...brushed] : [...this.inside([...corners, at])];
    const places = points.map((n): Corner => [scene.startN2[2 * n], scene.startN2[2 * n + 1]]);
    drawArea(pen, places, isBrush ? [] : [...corners, at], isBrush ? [...at, BRUSH_PX] : null);
  }

  private finish(draft: Draft, points: ReadonlySet<number>): void {
    const names =
      draft.base ?? (points.size > 0 ? this.port.freshEdit("pin", "Area") : DRAFT_NAMES);
    const made = this.made(draft, points, names);
    if (made) {
      this.port.commit(made);
      this.port.select(made.id);
    } else if (draft.base && points.size > 0) {
      this.port.remove(draft.base.id);
    }
    this.cancel();
  }

  /** The area as an edit; null where no point is left in it. */
  private made(
    { base, erases }: Draft,
    points: ReadonlySet<number>,
    names: { readonly id: string; readonly name: string },
  ): PinEdit | null {
    const had = base?.points ?? [];
    const all = erases ? had.filter((n) => !points.has(n)) : [...new Set([...had, ...points])];
    if (all.length === 0) return null;
    return base ? { ...base, points: all } : areaOf(names, all, this.port.scene()?.frameCount ?? 1);
  }

  /** Adds the points within the brush on its way from one place to another. */
  private brush(points: Set<number>, from: Corner, to: Corner): void {
    const startN2 = this.port.scene()?.startN2 ?? new Float32Array();
    for (let n = 0; n < startN2.length / 2; n++) {
      const at = [startN2[2 * n], startN2[2 * n + 1]] as const;
      if (distanceToSegment(at, from, to) <= BRUSH_PX) points.add(n);
    }
  }

  private inside(corners: readonly Corner[]): ReadonlySet<number> {
    const startN2 = this.port.scene()?.startN2 ?? new Float32Array();
    const points = new Set<number>();
    for (let n = 0; corners.length > 2 && n < startN2.length / 2; n++) {
      if (isInside([startN2[2 * n], startN2[2 * n + 1]], corners)) points.add(n);
    }
    return points;
  }
}

function distanceToSegment([x, y]: Corner, [ax, ay]: Corner, [bx, by]: Corner): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const share = length2 > 0 ? ((x - ax) * dx + (y - ay) * dy) / length2 : 0;
  const u = Math.min(1, Math.max(0, share));
  return Math.hypot(x - ax - u * dx, y - ay - u * dy);
}

/** By the even-odd rule. */
function isInside([x, y]: Corner, corners: readonly Corner[]): boolean {
  let inside = false;
  for (const [i, [bx, by]] of corners.entries()) {
    const [ax, ay] = corners[(i + corners.length - 1) % corners.length];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

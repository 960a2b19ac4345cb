import {
  BODY_LABELS,
  type BodyEdit,
  bodyKind,
  bodyOf,
  cornersOf,
  isOnBody,
  USUAL_RADIUS,
} from "../../domain/edits/body.ts";
import type { StrokeSample } from "../../domain/edits/stroke.ts";
import type { TileView } from "../tile-view.ts";
import { drawDraft, isFar, markUnder } from "./grips.ts";
import type { Pen } from "./pen.ts";
import type { PointerPlace, Tool, ToolEntry, ToolPort, ToolStage } from "./tool.ts";
import { DRAFT_NAMES } from "./tool.ts";

const LEAST_RADIUS = 8;
const LEAST_MILLIS = 8;

/**
 * Turns a ball, a cylinder or a card: press where its middle is and pull to its rim, then pull on the
 * body itself. With Shift the pull carries it along; the corners of a card are pulled one by one.
 * Alt-click removes.
 */
export const bodyTool: ToolEntry = {
  id: "body",
  label: "Ball",
  key: "b",
  title: "Turn a ball, a cylinder or a card: pull from its middle to its rim, then pull on it",
  edits: true,
  create: (stage, port) => new BodyTool(stage, port),
};

type Place = readonly [x: number, y: number];

/** A body on its way. `does`: what the hand changes of it. */
interface Draft {
  readonly view: TileView;
  readonly down: PointerPlace;
  readonly from: Place;
  readonly base: BodyEdit;
  readonly does: "size" | "turn" | "carry" | { readonly corner: number };
  samples: StrokeSample[];
  at: Place;
  isDrag: boolean;
}

class BodyTool implements Tool {
  readonly cursor = "crosshair";
  private draft: Draft | null = null;

  constructor(
    private readonly stage: ToolStage,
    private readonly port: ToolPort,
  ) {}

  down(at: PointerPlace): boolean {
    const scene = this.port.scene();
    const view = this.stage.viewAt(at.x, at.y);
    const under = view?.toTrack(at.x, at.y, 0);
    if (!scene || !view || !under) return false;
    const from: Place = [under.x, under.y];
    const mark = markUnder(this.port, "body", at, view);
    const edit = (mark && this.port.edit(mark.editId)) ?? this.bodyUnder(from);
    if (at.alt) {
      if (edit) this.port.remove(edit.id);
      return edit !== null;
    }
    const shape = this.port.body();
    const sized: [number, number] = [USUAL_RADIUS, USUAL_RADIUS];
    const base =
      edit?.kind === "body" ? edit : bodyOf(DRAFT_NAMES, shape, from, sized, scene.frameCount);
    const isCorner = base.shape === "card" && mark !== null && mark.handle > 0;
    const does =
      edit === null
        ? "size"
        : isCorner
          ? { corner: mark.handle - 1 }
          : at.shift || base.shape === "card"
            ? "carry"
            : "turn";
    const samples: StrokeSample[] = [[...from, at.millis]];
    this.draft = { view, down: at, from, base, does, samples, at: from, isDrag: false };
    return true;
  }

  move(at: PointerPlace, held: boolean): void {
    const { draft } = this;
    const under = draft?.view.toTrack(at.x, at.y, 0);
    if (!draft || !under || !held) return;
    draft.at = [under.x, under.y];
    draft.isDrag ||= isFar(draft.down, at);
    const last = draft.samples[draft.samples.length - 1];
    if (at.millis - last[2] >= LEAST_MILLIS || draft.samples.length === 1) {
      draft.samples.push([...draft.at, Math.max(at.millis, last[2])]);
    }
    if (draft.isDrag) this.port.preview(made(draft));
    this.stage.redraw();
  }

  up(at: PointerPlace): void {
    const { draft } = this;
    this.move(at, true);
    if (draft && draft.does === "size") {
      const label = BODY_LABELS[draft.base.shape];
      const edit = { ...made(draft), ...this.port.freshEdit("body", label) };
      this.port.commit(edit);
      this.port.select(edit.id);
    } else if (draft) {
      if (draft.isDrag) this.port.commit(made(draft));
      this.port.select(draft.base.id);
    }
    this.cancel();
  }

  cancel(): boolean {
    const had = this.draft !== null;
    this.draft = null;
    if (had) this.port.preview(null);
    this.stage.redraw();
    return had;
  }

  draw(pen: Pen): void {
    const scene = this.port.scene();
    if (!this.draft?.isDrag || !scene) return;
    drawDraft(pen, bodyKind.handles(made(this.draft), scene));
  }

  /** The last body on which a place lies. */
  private bodyUnder([x, y]: Place): BodyEdit | null {
    let found: BodyEdit | null = null;
    for (const { editId } of this.port.marks()) {
      const edit = this.port.edit(editId);
      if (edit?.kind === "body" && isOnBody(edit, x, y)) found = edit;
    }
    return found;
  }
}

/** The body as the hand has it now. */
function made({ base, does, from, at, samples, isDrag }: Draft): BodyEdit {
  if (!isDrag) return base;
  const [dx, dy] = [at[0] - from[0], at[1] - from[1]];
  if (does === "size") return sized(base, dx, dy);
  if (does === "carry") {
    const [hadX, hadY] = base.carry ?? [0, 0];
    return { ...base, carry: [hadX + dx, hadY + dy] };
  }
  if (does === "turn") {
    const [[, , start]] = samples;
    return { ...base, samples: samples.map(([x, y, millis]) => [x, y, millis - start]) };
  }
  const [a, b, c, d] = base.corners ?? cornersOf(base);
  const pulled = ([x, y]: Place, i: number): [number, number] =>
    i === does.corner ? [x + dx, y + dy] : [x, y];
  return { ...base, corners: [pulled(a, 0), pulled(b, 1), pulled(c, 2), pulled(d, 3)] };
}

/** A ball is as large as the hand is far; others are as wide and as high as it went. */
function sized(base: BodyEdit, dx: number, dy: number): BodyEdit {
  const reach = Math.max(LEAST_RADIUS, Math.hypot(dx, dy));
  const [wide, high] = [Math.abs(dx), Math.abs(dy)].map((px) => Math.max(LEAST_RADIUS, px));
  return { ...base, radii: base.shape === "ball" ? [reach, reach] : [wide, high] };
}

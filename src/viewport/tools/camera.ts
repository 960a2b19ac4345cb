import { type CameraEdit, cameraByHand, cameraKind, cameraOf } from "../../domain/edits/camera.ts";
import type { Layer } from "../../domain/edits/depth.ts";
import type { StrokeSample } from "../../domain/edits/stroke.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import type { TileView } from "../tile-view.ts";
import { drawDraft, isFar, markUnder } from "./grips.ts";
import type { Mark } from "./marks.ts";
import { drawLayers } from "./paint.ts";
import type { Pen } from "./pen.ts";
import type { PointerPlace, Tool, ToolEntry, ToolPort, ToolStage } from "./tool.ts";
import { DRAFT_NAMES } from "./tool.ts";

/** Of the brush that paints what stands nearer, videoPx. */
const BRUSH_PX = 28;
/** A sample nearer than this to the last one, in place and time, tells nothing. */
const LEAST_PX = 0.5;
const LEAST_MILLIS = 8;

/**
 * Moves the camera: press on what it moves by or about, and pull; a click makes the move by its usual
 * amount. Handles move the pivot and the amount. With Shift the brush says what stands nearer. Alt-click
 * removes.
 */
export const cameraTool: ToolEntry = {
  id: "camera",
  label: "Camera",
  key: "c",
  title: "Move the camera: press on what it moves about and pull; Shift paints what stands nearer",
  edits: true,
  create: (stage, port) => new CameraTool(stage, port),
};

type Place = readonly [x: number, y: number];

/** A camera on its way: a new one, or one whose handle is held. */
interface Draft {
  readonly view: TileView;
  readonly down: PointerPlace;
  readonly from: Place;
  readonly base: CameraEdit;
  /** Which of its handles; null for a new one. */
  readonly mark: Mark | null;
  samples: StrokeSample[];
  at: Place;
  isDrag: boolean;
}

/** A stroke of the brush on its way. */
interface Painting {
  readonly view: TileView;
  readonly base: CameraEdit;
  places: Place[];
}

class CameraTool implements Tool {
  readonly cursor = "crosshair";
  private draft: Draft | null = null;
  private painting: Painting | null = null;

  constructor(
    private readonly stage: ToolStage,
    private readonly port: ToolPort,
  ) {}

  down(at: PointerPlace): boolean {
    const scene = this.port.scene();
    const view = this.stage.viewAt(at.x, at.y);
    if (!scene || !view) return false;
    const mark = markUnder(this.port, "camera", at, view);
    const edit = mark && this.port.edit(mark.editId);
    if (mark && at.alt) {
      this.port.remove(mark.editId);
      return true;
    }
    const under = view.toTrack(at.x, at.y, mark?.frame ?? 0);
    if (!under) return false;
    const from = [under.x, under.y] as const;
    const chosen = this.port.selected();
    if (at.shift && chosen?.kind === "camera") {
      this.painting = { view, base: chosen, places: [from] };
      this.stage.redraw();
      return true;
    }
    const base = edit?.kind === "camera" ? edit : this.fresh(from, scene.frameCount);
    const samples: StrokeSample[] = [[...from, at.millis]];
    this.draft = { view, down: at, from, base, mark, samples, at: from, isDrag: false };
    return true;
  }

  move(at: PointerPlace, held: boolean): void {
    const { draft, painting } = this;
    if (!held) return;
    if (painting) {
      const place = painting.view.toTrack(at.x, at.y, 0);
      if (place) painting.places.push([place.x, place.y]);
      this.stage.redraw();
    }
    const under = draft?.view.toTrack(at.x, at.y, draft.mark?.frame ?? 0);
    if (!draft || !under) return;
    draft.at = [under.x, under.y];
    draft.isDrag ||= isFar(draft.down, at);
    extend(draft.samples, draft.at, at.millis);
    if (draft.isDrag) this.port.preview(made(draft));
    this.stage.redraw();
  }

  up(at: PointerPlace): void {
    const { draft, painting } = this;
    this.move(at, true);
    if (painting) {
      this.port.commit(painted(painting));
    } else if (draft?.mark) {
      if (draft.isDrag) this.port.commit(made(draft));
      this.port.select(draft.base.id);
    } else if (draft) {
      const edit = { ...made(draft), ...this.port.freshEdit("camera") };
      this.port.commit(edit);
      this.port.select(edit.id);
    }
    this.cancel();
  }

  cancel(): boolean {
    const had = this.draft !== null || this.painting !== null;
    if (this.draft) this.port.preview(null);
    this.draft = null;
    this.painting = null;
    this.stage.redraw();
    return had;
  }

  draw(pen: Pen): void {
    const chosen = this.port.selected();
    const shown = this.painting ? painted(this.painting) : chosen;
    if (shown?.kind === "camera") drawLayers(pen, shown.assumed.layers);
    const scene = this.port.scene();
    if (!this.draft?.isDrag || !scene) return;
    drawDraft(pen, cameraKind.handles(made(this.draft), scene));
  }

  /** A camera of the chosen move from the frame under the playhead to the end of the horizon. */
  private fresh(pivot: Place, frameCount: number): CameraEdit {
    const { move, assumed } = this.port.camera();
    const shown = Math.round(this.stage.relativePlayhead);
    const first = shown > 0 && shown < frameCount - 1 ? shown : 0;
    const edit = cameraOf(DRAFT_NAMES, move, pivot, assumed, frameCount);
    return { ...edit, frames: [first, frameCount - 1] };
  }
}

/** The camera as the hand has it now; a new one that is not pulled yet makes its usual move. */
function made({ base, mark, from, at, samples, isDrag }: Draft): CameraEdit {
  if (!isDrag) return base;
  if (mark?.handle === 0) {
    return { ...base, pivot: [base.pivot[0] + at[0] - from[0], base.pivot[1] + at[1] - from[1]] };
  }
  if (base.move === "follow") {
    const [[, , start]] = samples;
    return { ...base, samples: samples.map(([x, y, millis]) => [x, y, millis - start]) };
  }
  // A handle does not jump under the pointer: it is pulled from where it is.
  const [fromX, fromY] = mark ? base.pivot : from;
  const [dx, dy] = mark ? [mark.x - from[0], mark.y - from[1]] : [0, 0];
  return cameraByHand(base, [fromX, fromY], [at[0] + dx, at[1] + dy], WORKING_SIZE);
}

function painted({ base, places }: Painting): CameraEdit {
  const layer: Layer = { radius: BRUSH_PX, strokes: [places.map(([x, y]) => [x, y])] };
  const layers = [...base.assumed.layers, layer];
  return { ...base, assumed: { ...base.assumed, layers } };
}

function extend(samples: StrokeSample[], [x, y]: Place, millis: number): void {
  const last = samples[samples.length - 1];
  const isNear = Math.hypot(x - last[0], y - last[1]) < LEAST_PX;
  if (isNear && millis - last[2] < LEAST_MILLIS) return;
  samples.push([x, y, Math.max(millis, last[2])]);
}

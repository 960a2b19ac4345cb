import { pointsIn } from "../../domain/edits/placing.ts";
import { type Edit, editHandles, editKindLabel } from "../../domain/edits.ts";
import { assumedNow } from "../../store/actions/cameras.ts";
import {
  editById,
  freshEdit,
  selectEditingGap,
  selectEditScene,
  underCamera,
} from "../../store/actions/edits.ts";
import { commitGesture, removeByGesture } from "../../store/actions/gestures.ts";
import { magnifyPicked } from "../../store/actions/picked.ts";
import { matchPlace } from "../../store/actions/transfers.ts";
import { wishInBox } from "../../store/actions/wishes.ts";
import { visibleSlots } from "../../store/document.ts";
import type { MotionId } from "../../store/slices/toolSlice.ts";
import { type Studio, type StudioState, selectDocument } from "../../store/studio.ts";
import type { Pick as Picked } from "../../viewport/pick.ts";
import { ToolHost } from "../../viewport/tools/host.ts";
import { TOOLS } from "../../viewport/tools/list.ts";
import type { Mark } from "../../viewport/tools/marks.ts";
import type { ToolEntry, ToolPort } from "../../viewport/tools/tool.ts";
import type { Viewport } from "../../viewport/viewport.ts";
import type { Hover } from "./hover.ts";
import { toggledPoints } from "./toggledPoints.ts";

/** The tool in use: one that edits gives way to the first while nothing can be edited. */
export function activeTool(state: StudioState, studio: Studio): ToolEntry {
  const chosen = TOOLS.find(({ id }) => id === state.tool) ?? TOOLS[0];
  return chosen.edits && selectEditingGap(state, studio) !== null ? TOOLS[0] : chosen;
}

/** Where the edits of the document want their points, as marks on the stage. */
export function editMarks(state: StudioState, studio: Studio): readonly Mark[] {
  const scene = selectEditScene(state, studio);
  // A camera that is held or followed draws points elsewhere than edits say.
  if (!scene || state.view.camera !== "sampled") return [];
  return selectDocument(state).edits.flatMap((edit) =>
    editHandles(edit, scene).map((handle, i) => ({
      ...handle,
      ...(isArea(edit) ? { isMember: true } : {}),
      frame: handle.frame + 1,
      editId: edit.id,
      handle: i,
      label: isArea(edit) && i > 0 ? "" : edit.name,
      isOn: edit.on,
      isSelected: edit.id === state.selectedEdit,
    })),
  );
}

const MANY: ReadonlySet<Edit["kind"]> = new Set(["take", "transfer", "magnify"]);

/** Many points that say one thing. */
function isArea(edit: Edit): boolean {
  return edit.kind === "pin" ? edit.at === null : MANY.has(edit.kind);
}

/** Gives the pointer over the stage to the tool in use and keeps the marks of the edits drawn. */
export function bindTools(
  studio: Studio,
  viewport: Viewport,
  onHover: (hover: Hover | null) => void,
): ToolHost {
  const port = portTo(studio, onHover);
  const create = (entry: ToolEntry) => entry.create(viewport, port);
  let active = activeTool(studio.state, studio);
  const host = new ToolHost(viewport, create(active), port.marks, () => onHover(null));
  const stop = studio.store.subscribe((state, before) => {
    const next = activeTool(state, studio);
    if (next !== active) {
      active = next;
      host.setTool(create(next));
    }
    const moved =
      selectDocument(state).edits !== selectDocument(before).edits ||
      state.transferPairs !== before.transferPairs ||
      state.selectedEdit !== before.selectedEdit;
    if (moved) viewport.redraw();
  });
  host.signal.addEventListener("abort", stop);
  return host;
}

function portTo(studio: Studio, onHover: (hover: Hover | null) => void): ToolPort {
  return {
    hover: (pick, { x, y }) => onHover(pick && { pick, x, y }),
    choose(pick, adds) {
      const { selectedPoints } = studio.state.view;
      const next = toggledPoints(selectedPoints, pick?.point ?? null, adds);
      const motion = motionUnder(studio.state, pick);
      if (motion !== null) studio.state.pickMotion(motion);
      if (next !== selectedPoints) studio.state.setView({ selectedPoints: next });
    },
    scene: () => selectEditScene(studio.state, studio),
    marks: () => editMarks(studio.state, studio),
    edit: (id) => editById(selectDocument(studio.state), id),
    patch: () => studio.state.patch,
    body: () => studio.state.bodyShape,
    camera: () => ({ move: studio.state.cameraMove, assumed: assumedNow(studio) }),
    selected() {
      const { selectedEdit } = studio.state;
      return selectedEdit === null ? null : editById(selectDocument(studio.state), selectedEdit);
    },
    freshEdit: (kind, label = editKindLabel({ kind })) => freshEdit(studio, label),
    preview: (edit) => studio.state.setPreview(edit && underCamera(studio.state, edit)),
    commit: (edit) => void commitGesture(studio, edit),
    region(tool, box, pick, at) {
      if (tool === "transfer" && !box && matchPlace(studio, at)) return;
      if (tool === "transfer") studio.state.setTransfer({ transferBox: box });
      else if (tool === "wish") void (box && wishInBox(studio, box));
      else magnifyRegion(studio, box, pick);
    },
    matched: () => studio.state.transferPairs.map(([, , x, y]) => [x, y] as const),
    remove: (id) => void removeByGesture(studio, id),
    select: (id) => studio.state.selectEdit(id),
  };
}

/**
 * Whose motion a click means: that of the future whose track it is on, what really happened, or, on a
 * point's past, the one future that is shown alone. Null: that of before.
 */
export function motionUnder(
  state: StudioState,
  pick: Pick<Picked, "slot" | "layer"> | null,
): MotionId | null {
  if (!pick) return null;
  const document = selectDocument(state);
  if (pick.slot !== null) return document.slots[pick.slot]?.id ?? null;
  if (pick.layer === "truth") return "truth";
  const shown = visibleSlots(document);
  return shown.length === 1 ? shown[0].id : null;
}

/** Magnifies what lies in a box, or what moves with the point under the pointer. */
function magnifyRegion(
  studio: Studio,
  box: readonly [number, number, number, number] | null,
  pick: Picked | null,
): void {
  const { startN2 } = selectEditScene(studio.state, studio) ?? { startN2: new Float32Array() };
  const points = box ? pointsIn(box, startN2) : pick ? [pick.point] : [];
  if (points.length === 0) return;
  const motion = box ? null : motionUnder(studio.state, pick);
  if (motion !== null) studio.state.pickMotion(motion);
  studio.state.setView({ selectedPoints: points });
  void magnifyPicked(studio);
}

import { editHandles, editKindLabel } from "../../domain/edits.ts";
import {
  editById,
  freshEdit,
  putEdit,
  removeEdit,
  selectEditingGap,
  selectEditScene,
} from "../../store/actions/edits.ts";
import { type StudioState, selectDocument, studio, useStudio } from "../../store/studio.ts";
import { ToolHost } from "../../viewport/tools/host.ts";
import { TOOLS } from "../../viewport/tools/list.ts";
import type { Mark } from "../../viewport/tools/marks.ts";
import type { ToolEntry, ToolPort } from "../../viewport/tools/tool.ts";
import type { Viewport } from "../../viewport/viewport.ts";
import type { Hover } from "./hover.ts";
import { toggledPoints } from "./toggledPoints.ts";

/** The tool in use: one that edits gives way to the first while nothing can be edited. */
export function activeTool(state: StudioState): ToolEntry {
  const chosen = TOOLS.find(({ id }) => id === state.tool) ?? TOOLS[0];
  return chosen.edits && selectEditingGap(state) !== null ? TOOLS[0] : chosen;
}

/** Where the edits of the document want their points, as marks on the stage. */
export function editMarks(state: StudioState): readonly Mark[] {
  const scene = selectEditScene(state);
  // A camera that is held or followed draws points elsewhere than edits say.
  if (!scene || state.view.camera !== "sampled") return [];
  return selectDocument(state).edits.flatMap((edit) =>
    editHandles(edit, scene).map((handle, i) => ({
      ...handle,
      frame: handle.frame + 1,
      editId: edit.id,
      handle: i,
      label: edit.name,
      isOn: edit.on,
      isSelected: edit.id === state.selectedEdit,
    })),
  );
}

/** Gives the pointer over the stage to the tool in use and keeps the marks of the edits drawn. */
export function bindTools(viewport: Viewport, onHover: (hover: Hover | null) => void): ToolHost {
  const port = portTo(onHover);
  const create = (entry: ToolEntry) => entry.create(viewport, port);
  let active = activeTool(studio());
  const host = new ToolHost(viewport, create(active), port.marks, () => onHover(null));
  const stop = useStudio.subscribe((state, before) => {
    const next = activeTool(state);
    if (next !== active) {
      active = next;
      host.setTool(create(next));
    }
    const moved =
      selectDocument(state).edits !== selectDocument(before).edits ||
      state.selectedEdit !== before.selectedEdit;
    if (moved) viewport.redraw();
  });
  host.signal.addEventListener("abort", stop);
  return host;
}

function portTo(onHover: (hover: Hover | null) => void): ToolPort {
  return {
    hover: (pick, { x, y }) => onHover(pick && { pick, x, y }),
    choose(point, adds) {
      const { selectedPoints } = studio().view;
      const next = toggledPoints(selectedPoints, point, adds);
      if (next !== selectedPoints) studio().setView({ selectedPoints: next });
    },
    scene: () => selectEditScene(studio()),
    marks: () => editMarks(studio()),
    edit: (id) => editById(selectDocument(studio()), id),
    freshEdit: (kind) => freshEdit(editKindLabel({ kind })),
    commit: (edit) => putEdit(edit),
    remove: removeEdit,
    select: (id) => studio().selectEdit(id),
  };
}

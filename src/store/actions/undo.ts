import { type Studio, selectBusy, selectClip, selectDocument } from "../studio.ts";

/** Takes the last step back, and says what is on stage then. */
export function undo(studio: Studio): void {
  if (studio.state.history.past.length === 0) return;
  studio.state.undo();
  tellWhere(studio, "Undone");
}

/** Takes the last step that was undone again. */
export function redo(studio: Studio): void {
  if (studio.state.history.future.length === 0) return;
  studio.state.redo();
  tellWhere(studio, "Redone");
}

/** The status told of what is gone; what is running goes on telling of itself. */
function tellWhere(studio: Studio, done: string): void {
  const { state } = studio;
  if (selectBusy(state)) return;
  const { origin, slots, edits } = selectDocument(state);
  const name = selectClip(state)?.info.name ?? origin?.clip.name;
  const made = slots.filter(({ futureId }) => futureId).length;
  const parts = [counted(made, "future"), counted(edits.length, "edit")].filter(Boolean);
  const there = [name ?? "no clip is open", ...parts].join(", ");
  state.setRun({ status: `${done}: ${there}` });
}

function counted(count: number, noun: string): string {
  if (count === 0) return "";
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

import { duplicateEdit, reorderEdit, toggleEdit } from "../../store/actions/edit-list.ts";
import { removeEdit, stepPatch } from "../../store/actions/edits.ts";
import { cancel, forecast, resample } from "../../store/actions/forecast.ts";
import { solo } from "../../store/actions/futures.ts";
import { growPicked, holdPicked, takePicked } from "../../store/actions/picked.ts";
import {
  jumpToNow,
  markLoop,
  seek,
  shuttle,
  step,
  stop,
  togglePlay,
} from "../../store/actions/transport.ts";
import { redo, undo } from "../../store/actions/undo.ts";
import { type Studio, selectBusy, selectTimelineFrames } from "../../store/studio.ts";
import { TOOLS } from "../../viewport/tools/list.ts";

export interface KeyBinding {
  /** As on the list of keys. */
  readonly keys: string;
  readonly does: string;
  readonly matches: (event: KeyboardEvent) => boolean;
  readonly run: (studio: Studio, event: KeyboardEvent) => void;
}

const plain =
  (...keys: string[]) =>
  (event: KeyboardEvent) =>
    !event.ctrlKey && !event.metaKey && !event.altKey && keys.includes(keyOf(event));

const control = (key: string, shift: boolean) => (event: KeyboardEvent) =>
  (event.ctrlKey || event.metaKey) && event.shiftKey === shift && keyOf(event) === key;

/** Places of a Latin keyboard whose signs are keys of ours. */
const SIGNS: Readonly<Record<string, string>> = { Comma: ",", Period: "." };

/**
 * What a key is called on the list: what it types, and where that is neither Latin (я, ζ, ז) nor a digit
 * (the top row of a French keyboard), what stands in its place on a Latin keyboard.
 */
export function keyOf({
  key,
  code,
  shiftKey,
}: Pick<KeyboardEvent, "key" | "code" | "shiftKey">): string {
  const typed = key.toLowerCase();
  if (key.length !== 1) return typed;
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (digit !== undefined) return shiftKey || /\d/.test(key) ? typed : digit;
  if (!isForeign(key)) return typed;
  return /^Key([A-Z])$/.exec(code)?.[1].toLowerCase() ?? SIGNS[code] ?? typed;
}

/** By what the key types; on layouts that type no bracket, or a brace with Shift, by its place. */
function bracketOf({ key, code, shiftKey }: KeyboardEvent): string {
  if (key === "[" || key === "{") return "BracketLeft";
  if (key === "]" || key === "}") return "BracketRight";
  return shiftKey || isForeign(key) ? code : "";
}

const isForeign = (key: string) => key.length === 1 && key.charCodeAt(0) >= 128;

/** True for "?", and for what stands in its place where the layout has a sign of its own for it. */
export function asksForHelp({ key, code, shiftKey }: KeyboardEvent): boolean {
  return key === "?" || (shiftKey && code === "Slash" && isForeign(key));
}

/** AltGr, by which some layouts type brackets, counts as Ctrl and Alt on Windows. */
function isCommand({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  const isAltGr = ctrlKey && altKey && /^[[\]{}]$/.test(key);
  return (ctrlKey || metaKey) && !isAltGr;
}

/** Does something with the edit that is pointed out; nothing where none is. */
const onEdit = (act: (studio: Studio, id: string) => unknown) => (studio: Studio) => {
  const { selectedEdit } = studio.state;
  if (selectedEdit !== null) act(studio, selectedEdit);
};

/** In the order of the list that "?" shows. */
export const KEYMAP: readonly KeyBinding[] = [
  { keys: "Space", does: "Play or pause", matches: plain(" "), run: togglePlay },
  { keys: "J", does: "Shuttle back", matches: plain("j"), run: (studio) => shuttle(studio, -1) },
  { keys: "K", does: "Stop", matches: plain("k"), run: stop },
  { keys: "L", does: "Shuttle forward", matches: plain("l"), run: (studio) => shuttle(studio, 1) },
  {
    keys: ",",
    does: "One frame back",
    matches: plain(",", "<"),
    run: (studio) => step(studio, -1),
  },
  {
    keys: ".",
    does: "One frame forward",
    matches: plain(".", ">"),
    run: (studio) => step(studio, 1),
  },
  {
    keys: "← →",
    does: "Step a frame; with Shift, ten",
    matches: plain("arrowleft", "arrowright"),
    run: (studio, e) => step(studio, (e.key === "ArrowLeft" ? -1 : 1) * (e.shiftKey ? 10 : 1)),
  },
  { keys: "Home", does: "Start", matches: plain("home"), run: (studio) => seek(studio, 0) },
  {
    keys: "End",
    does: "End",
    matches: plain("end"),
    run: (studio) => seek(studio, selectTimelineFrames(studio.state) - 1),
  },
  { keys: "N", does: "Jump to “now”", matches: plain("n"), run: jumpToNow },
  {
    keys: "I",
    does: "Loop from here",
    matches: plain("i"),
    run: (studio) => markLoop(studio, "in"),
  },
  {
    keys: "O",
    does: "Loop to here",
    matches: plain("o"),
    run: (studio) => markLoop(studio, "out"),
  },
  {
    keys: "1 – 9",
    does: "Show one future alone",
    matches: plain("1", "2", "3", "4", "5", "6", "7", "8", "9"),
    run: (studio, e) => solo(studio, Number(keyOf(e))),
  },
  { keys: "0", does: "Show all futures", matches: plain("0"), run: (studio) => solo(studio, null) },
  ...TOOLS.map(({ key, label, id }) => ({
    keys: key.toUpperCase(),
    does: `${label} tool`,
    matches: plain(key),
    run: (studio: Studio) => studio.state.setTool(id),
  })),
  {
    keys: "[ ]",
    does: "Drag tool: a smaller or larger radius; with Shift, a softer or harder rim",
    matches: (event) => !isCommand(event) && /^Bracket(Left|Right)$/.test(bracketOf(event)),
    run: (studio, event) => {
      if (studio.state.tool !== "drag") return;
      const step = bracketOf(event) === "BracketLeft" ? -1 : 1;
      stepPatch(studio, event.shiftKey ? "hardness" : "radius", step);
    },
  },
  {
    keys: "G",
    does: "Pick all that moves as the picked points do",
    matches: plain("g"),
    run: (studio) => void growPicked(studio),
  },
  {
    keys: "U",
    does: "Use the motion of the picked points, of the future that was clicked, in all futures",
    matches: plain("u"),
    run: (studio) => void takePicked(studio),
  },
  {
    keys: "H",
    does: "Hold the picked points where they are",
    matches: plain("h"),
    run: (studio) => void holdPicked(studio),
  },
  {
    keys: "Del",
    does: "Remove the edit that is pointed out",
    matches: plain("delete"),
    run: onEdit(removeEdit),
  },
  {
    keys: "X",
    does: "Leave the edit that is pointed out out, or follow it again",
    matches: plain("x"),
    run: onEdit(toggleEdit),
  },
  {
    keys: "F2",
    does: "Rename the edit that is pointed out",
    matches: plain("f2"),
    run: (studio) => studio.state.renameEdit(studio.state.selectedEdit),
  },
  {
    keys: "Ctrl D",
    does: "Duplicate the edit that is pointed out",
    matches: control("d", false),
    run: onEdit(duplicateEdit),
  },
  {
    keys: "Alt ↑ ↓",
    does: "Move the edit that is pointed out up or down the list",
    matches: ({ altKey, key }) => altKey && /^Arrow(Up|Down)$/.test(key),
    run: (studio, { key }) =>
      onEdit((_, id) => reorderEdit(studio, id, key === "ArrowUp" ? -1 : 1))(studio),
  },
  {
    keys: "R",
    does: "Resample with new seeds; with Shift, the same seeds",
    matches: plain("r"),
    run: (studio, e) => void (e.shiftKey ? forecast(studio) : resample(studio)),
  },
  {
    keys: "Esc",
    does: "Cancel what is running",
    matches: plain("escape"),
    run: (studio) => (selectBusy(studio.state) || studio.state.truthProgress) && cancel(studio),
  },
  {
    keys: "Ctrl Z",
    does: "Undo",
    matches: control("z", false),
    run: undo,
  },
  {
    keys: "Ctrl Shift Z, Ctrl Y",
    does: "Redo",
    matches: (event) => control("z", true)(event) || control("y", false)(event),
    run: redo,
  },
];

const TEXT_INPUTS = new Set(["text", "number", "search", "url", "email", "password"]);

/** True where keys belong to a text field. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && TEXT_INPUTS.has(target.type);
}

/** True where the focused control uses this key itself: a slider its arrows, a button Space. */
export function isControlKey(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (target instanceof HTMLInputElement && (target.type === "range" || target.type === "radio")) {
    return /^(Arrow|Home|End|Page)/.test(key) || (key === " " && target.type === "radio");
  }
  if (target instanceof HTMLSelectElement) return key.length === 1 || key.startsWith("Arrow");
  const pressable = target instanceof HTMLButtonElement || target instanceof HTMLInputElement;
  return (
    key === " " && pressable && !(target instanceof HTMLInputElement && target.type === "range")
  );
}

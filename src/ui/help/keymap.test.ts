import { expect, test, vi } from "vitest";
import { redo, undo } from "../../store/actions/undo.ts";
import type { Studio } from "../../store/studio.ts";
import { asksForHelp, KEYMAP, keyOf } from "./keymap.ts";

vi.mock("../../store/actions/undo.ts", () => ({ undo: vi.fn(), redo: vi.fn() }));

const pressed = (key: string, code: string, more: Partial<KeyboardEvent> = {}) =>
  ({
    key,
    code,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...more,
  }) as KeyboardEvent;

test.each([
  ["z", "KeyZ", "z"],
  ["y", "KeyZ", "y"], // A German keyboard: the letter that is typed counts.
  ["я", "KeyZ", "z"],
  ["ζ", "KeyZ", "z"],
  ["ז", "KeyZ", "z"],
  ["о", "KeyJ", "j"],
  ["&", "Digit1", "1"],
  ["é", "Digit2", "2"],
  ['"', "Digit3", "3"],
  ["à", "Digit0", "0"],
  ["б", "Comma", ","],
  ["ю", "Period", "."],
  ["ArrowLeft", "ArrowLeft", "arrowleft"],
])("%s on %s is %s", (key, code, name) => {
  expect(keyOf(pressed(key, code))).toBe(name);
});

test("the top row with Shift types what it types", () => {
  expect(keyOf(pressed("!", "Digit1", { shiftKey: true }))).toBe("!");
  expect(keyOf(pressed("1", "Digit1", { shiftKey: true }))).toBe("1");
});

function run(event: KeyboardEvent): string[] {
  vi.clearAllMocks();
  const binding = KEYMAP.find(({ matches }) => matches(event));
  binding?.run({} as Studio, event);
  const spies = { undo: vi.mocked(undo), redo: vi.mocked(redo) };
  return Object.entries(spies).flatMap(([name, spy]) => (spy.mock.calls.length > 0 ? [name] : []));
}

test.each(["z", "я", "ζ", "ז"])("Ctrl+%s undoes, with Shift it does again", (key) => {
  expect(run(pressed(key, "KeyZ", { ctrlKey: true }))).toEqual(["undo"]);
  expect(run(pressed(key, "KeyZ", { ctrlKey: true, shiftKey: true }))).toEqual(["redo"]);
});

test.each(["y", "н"])("Ctrl+%s does again", (key) => {
  expect(run(pressed(key, "KeyY", { ctrlKey: true }))).toEqual(["redo"]);
});

const LETTERS = KEYMAP.map(({ keys }) => keys).filter((keys) => /^(Ctrl )?[A-Z]$/.test(keys));

test.each(LETTERS)("%s is found by its place where the layout is not Latin", (keys) => {
  const ctrlKey = keys.startsWith("Ctrl ");
  const letter = keys.slice(-1);
  for (const typed of ["ф", "φ", "ש", "ش"]) {
    const found = KEYMAP.filter(({ matches }) =>
      matches(pressed(typed, `Key${letter}`, { ctrlKey })),
    );
    expect(found.map((binding) => binding.keys)).toEqual([keys]);
  }
});

test.each([
  ["х", "BracketLeft", {}],
  ["ъ", "BracketRight", {}],
  ["[", "Digit8", { ctrlKey: true, altKey: true }], // AltGr of a German keyboard.
  ["]", "Digit9", { altKey: true }],
])("%s at %s is a bracket", (key, code, more) => {
  const found = KEYMAP.filter(({ matches }) => matches(pressed(key, code, more)));
  expect(found.map(({ keys }) => keys)).toEqual(["[ ]"]);
});

test("the list of keys opens by the place of “?” where a layout has a sign of its own", () => {
  expect(asksForHelp(pressed("؟", "Slash", { shiftKey: true }))).toBe(true);
  expect(asksForHelp(pressed("?", "Digit7", { shiftKey: true }))).toBe(true);
  expect(asksForHelp(pressed("/", "Slash"))).toBe(false);
});

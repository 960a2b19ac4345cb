import { expect, test, vi } from "vitest";
import type { Studio } from "../../store/studio.ts";
import { KEYMAP, keyOf } from "./keymap.ts";

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
  const state = { undo: vi.fn(), redo: vi.fn() };
  const binding = KEYMAP.find(({ matches }) => matches(event));
  binding?.run({ state } as unknown as Studio, event);
  return Object.entries(state).flatMap(([name, spy]) => (spy.mock.calls.length > 0 ? [name] : []));
}

test.each(["z", "я", "ζ", "ז"])("Ctrl+%s undoes, with Shift it does again", (key) => {
  expect(run(pressed(key, "KeyZ", { ctrlKey: true }))).toEqual(["undo"]);
  expect(run(pressed(key, "KeyZ", { ctrlKey: true, shiftKey: true }))).toEqual(["redo"]);
});

test.each(["y", "н"])("Ctrl+%s does again", (key) => {
  expect(run(pressed(key, "KeyY", { ctrlKey: true }))).toEqual(["redo"]);
});

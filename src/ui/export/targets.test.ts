import { expect, test } from "vitest";
import { EXPORT_FORMATS } from "../../formats/export/registry.ts";
import { formatOf, PICTURES, pictureOf, TARGET_GROUPS } from "./targets.ts";

test("every format and picture stands in the list once and is found by its name", () => {
  const listed = TARGET_GROUPS.flatMap(({ targets }) => targets.map(({ name }) => name));
  expect(new Set(listed).size).toBe(listed.length);
  expect(listed.length).toBe(EXPORT_FORMATS.length + PICTURES.length);
  for (const name of listed) expect(formatOf(name) ?? pictureOf(name)).not.toBeNull();
});

test("generators come first, pictures last", () => {
  expect(TARGET_GROUPS[0].title).toBe("For video generators");
  expect(TARGET_GROUPS.at(-1)?.title).toBe("Pictures");
});

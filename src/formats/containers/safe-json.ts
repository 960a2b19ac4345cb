import { FormatError } from "../../domain/errors.ts";

export const MAX_JSON_BYTES = 1 << 28;
const MAX_DEPTH = 16;
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Parses JSON that came from outside: size and depth bounded, and no key that could reach an
 * object's prototype. A byte order mark is accepted.
 * @throws FormatError
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_JSON_BYTES) {
    throw new FormatError("The JSON file is too large", "Save fewer frames, points or futures.");
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new FormatError("The file is not text", "Save it as JSON in UTF-8.", { cause: error });
  }
  return parseJsonText(text);
}

/** The same for text of a size that was checked. @throws FormatError */
export function parseJsonText(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : "";
    throw new FormatError(
      `The file is not valid JSON: ${why}`,
      "Check that it is complete: NaN, Infinity and trailing commas are not JSON.",
      { cause: error },
    );
  }
  inspect(value, 0);
  return value;
}

function inspect(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > MAX_DEPTH) {
    throw new FormatError("The JSON is nested too deeply", "Check that the file holds tracks.");
  }
  if (Array.isArray(value)) {
    for (const item of value) inspect(item, depth + 1);
    return;
  }
  for (const key of Object.keys(value)) {
    if (FORBIDDEN.has(key)) {
      throw new FormatError(`The key “${key}” is not allowed`, "Remove it from the file.");
    }
    inspect((value as Record<string, unknown>)[key], depth + 1);
  }
}

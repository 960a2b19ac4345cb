import papaparse from "papaparse";

/**
 * A text's table of cells: comma, semicolon, tab or blanks between them, quoted or not; decimal commas
 * where commas do not part cells. Empty lines at the end are left out.
 */
export function splitCells(text: string): {
  readonly rows: readonly (readonly string[])[];
  readonly decimalComma: boolean;
} {
  const plain = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const [line] = plain.split("\n", 1);
  const delimiter = [";", "\t", ","].find((each) => line.includes(each)) ?? "\t";
  const isBlank = delimiter === "\t" && !line.includes("\t") && /\S +\S/.test(line);
  const parted = isBlank ? plain.replace(/^ +| +$/gm, "").replace(/ +/g, "\t") : plain;
  const { data } = papaparse.parse<string[]>(parted, { delimiter, newline: "\n" });
  while (data.length > 0 && data[data.length - 1].every((cell) => cell.trim() === "")) data.pop();
  return { rows: data, decimalComma: delimiter !== "," };
}

import { groundOf, writeEdits } from "../document/edits-file.ts";
import type { ExportFormat } from "./common/format.ts";

/** The edits alone (document/edits-file.ts), to lay them over another clip. */
export const edits: ExportFormat = {
  name: "edits",
  label: "Foretrack edits",
  description: "Only the edits, to lay them over another clip: drop the file on it, or --edits.",
  group: "Data",
  extension: ".json",
  mediaType: "application/json",
  futures: "together",
  defaultFutures: "all",
  nameEnding: "edits",
  keepsCamera: true,
  defaults: { segment: "future" },
  options: [],
  notices: ({ document }) =>
    document.forecast.edits?.length ? [] : ["There are no edits: the file's list is empty."],
  write: ({ document }) => ({
    main: writeEdits(document.forecast.edits ?? [], groundOf(document)),
  }),
};

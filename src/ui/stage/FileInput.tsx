import { TRACK_ENDINGS } from "../../formats/import/common/sniff.ts";
import { useStudioObject } from "../../store/studio.ts";
import { OPEN_INPUT_ID, takeFiles } from "./intake.ts";

/** Systems do not know all of them for video. */
const CLIPS = "video/*,image/*,.mkv,.avi,.mov,.gif,.mxf,.ts,.mts,.m2ts,.vob,.flv,.ogv,.y4m";
const ACCEPT = `${CLIPS},${TRACK_ENDINGS}`;

export function FileInput({ className }: { readonly className: string }) {
  const studio = useStudioObject();
  return (
    <input
      id={OPEN_INPUT_ID}
      type="file"
      multiple
      aria-label="Open clip"
      accept={ACCEPT}
      className={`visually-hidden ${className}`}
      onChange={(event) => {
        const input = event.currentTarget;
        void takeFiles(studio, [...(input.files ?? [])]);
        // The same file can be chosen again, say after it was changed on disk.
        input.value = "";
      }}
    />
  );
}

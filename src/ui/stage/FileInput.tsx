import { useStudioObject } from "../../store/studio.ts";
import { OPEN_INPUT_ID, takeFiles } from "./intake.ts";

const ACCEPT = "video/*,image/*,.mkv,.avi,.mov,.gif,.json,.npz,.npy,.csv";

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

import { useRef } from "react";
import { Button } from "./Button.tsx";

interface Props {
  readonly label: string;
  readonly title: string;
  readonly accept: string;
  /** Several files can be chosen, which belong together. */
  readonly multiple?: boolean;
  readonly look?: "quiet" | "plain";
  readonly disabled?: boolean;
  /** At least one. */
  readonly onFiles: (files: File[]) => void;
}

/** A button that opens a file, or several. */
export function FileButton({
  label,
  title,
  accept,
  multiple = false,
  look = "quiet",
  disabled = false,
  onFiles,
}: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button look={look} disabled={disabled} title={title} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        multiple={multiple}
        aria-label={label}
        accept={accept}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          // The same file can be chosen again, say after it was changed on disk.
          currentTarget.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}

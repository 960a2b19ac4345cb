import { useRef } from "react";
import { Button } from "../controls/Button.tsx";

interface Props {
  readonly label: string;
  readonly title: string;
  readonly accept: string;
  readonly onFile: (file: File) => void;
}

/** A button that opens one file. */
export function FileButton({ label, title, accept, onFile }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button look="quiet" title={title} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        accept={accept}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          // The same file can be chosen again, say after it was changed on disk.
          currentTarget.value = "";
          if (file) onFile(file);
        }}
      />
    </>
  );
}

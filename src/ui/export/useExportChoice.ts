import { useEffect, useState } from "react";
import { type ExportChoice, FIRST_CHOICE } from "./choice.ts";
import { formatOf, pictureOf } from "./targets.ts";

const KEY = "foretrack.export";

export function useExportChoice(): [ExportChoice, (part: Partial<ExportChoice>) => void] {
  const [choice, setChoice] = useState(remembered);
  useEffect(() => {
    try {
      localStorage.setItem(KEY, JSON.stringify(choice));
    } catch {
      // Private windows refuse storage; the choice then lasts as long as the dialog.
    }
  }, [choice]);
  return [choice, (part) => setChoice((now) => ({ ...now, ...part }))];
}

function remembered(): ExportChoice {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<ExportChoice>;
    const choice = { ...FIRST_CHOICE, ...stored };
    return formatOf(choice.target) || pictureOf(choice.target) ? choice : FIRST_CHOICE;
  } catch {
    return FIRST_CHOICE;
  }
}

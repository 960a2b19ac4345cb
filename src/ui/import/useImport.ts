import { useEffect, useMemo, useState } from "react";
import { ForetrackError, isCancelled } from "../../domain/errors.ts";
import type { PackGeometry } from "../../domain/pack/geometry.ts";
import type { GridMapping } from "../../formats/import/common/map-to-grid.ts";
import type {
  ImportChoices,
  ImportedTracks,
  TrackInspection,
} from "../../formats/import/common/types.ts";
import { mapImport } from "../../store/actions/imports.ts";
import { selectDocument, selectGeometry, useStudio } from "../../store/studio.ts";
import type { Offer } from "./offer.ts";
import { frameCountOf, type Timing, type TypedTiming, timingOf } from "./timing.ts";

/** A size is typed digit by digit: reading the file waits for the end of it. */
const QUIET_MILLIS = 120;

export interface ImportState {
  readonly inspection: TrackInspection;
  readonly choices: ImportChoices;
  readonly reasons: readonly string[];
  readonly timing: Timing | null;
  readonly proposed: Timing;
  readonly typed: TypedTiming;
  /** Null while it is being read, and where it cannot be. */
  readonly imported: ImportedTracks | null;
  readonly mapping: GridMapping | null;
  readonly problem: string | null;
  choose(part: Partial<ImportChoices>): void;
  chooseTracks(name: string): void;
  type(part: TypedTiming): void;
}

/** The choices of the dialog and what they make of the file. */
export function useImport({ tracksFile, inspection: first, clip }: Offer): ImportState {
  const now = useStudio((s) => selectDocument(s).nowIndex);
  const [inspection, setInspection] = useState(first);
  // Queries take no part in a forecast; one that is damaged should not stop the import.
  const [choices, setChoices] = useState<ImportChoices>({ ...first.proposal, queries: null });
  const [typed, setTyped] = useState<TypedTiming>({});
  const [imported, setImported] = useState<ImportedTracks | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(async () => {
      try {
        const read = await tracksFile.read(choices);
        if (stale) return;
        setImported(read);
        setFailure(null);
      } catch (error) {
        if (stale || isCancelled(error)) return;
        setImported(null);
        setFailure(words(error));
      }
    }, QUIET_MILLIS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [tracksFile, choices]);
  const frameCount = frameCountOf(inspection, choices);
  const { timing, proposed, reasons } = useMemo(
    () => timingOf(frameCount, inspection, clip, now, typed),
    [frameCount, inspection, clip, now, typed],
  );
  const geometry = useStudio(selectGeometry);
  const mapped = useMemo(
    () => onGrid(imported, timing, clip, geometry),
    [imported, timing, clip, geometry],
  );
  return {
    inspection,
    choices,
    reasons: [...inspection.reasons, ...reasons],
    timing,
    proposed,
    typed,
    imported,
    mapping: mapped.mapping,
    problem: failure ?? mapped.problem,
    choose: (part) => setChoices((current) => ({ ...current, ...part })),
    chooseTracks: (name) => {
      tracksFile.inspect(name).then(
        (next) => {
          setInspection(next);
          setChoices({ ...next.proposal, queries: null });
        },
        (error) => !isCancelled(error) && setFailure(words(error)),
      );
    },
    type: (part) => setTyped((current) => ({ ...current, ...part })),
  };
}

interface Mapped {
  readonly mapping: GridMapping | null;
  readonly problem: string | null;
}

function onGrid(
  imported: ImportedTracks | null,
  timing: Timing | null,
  clip: Offer["clip"],
  geometry: PackGeometry,
): Mapped {
  if (!imported) return { mapping: null, problem: null };
  if (!timing) {
    const problem = `Give a frame rate up to 1000, a start in seconds, and “now” from 1 to ${clip.info.frameCount}.`;
    return { mapping: null, problem };
  }
  const { fps: sourceFps, firstSecs, nowIndex } = timing;
  try {
    const mapping = mapImport(imported.tracks, { sourceFps, firstSecs }, clip, nowIndex, geometry);
    return { mapping, problem: null };
  } catch (error) {
    return { mapping: null, problem: words(error) };
  }
}

function words(error: unknown): string {
  if (error instanceof ForetrackError) return `${error.message}. ${error.remedy}`;
  return error instanceof Error ? error.message : String(error);
}

import { numberedNames } from "../../domain/numbered-names.ts";
import { looksLikeTracks, SNIFF_BYTES } from "../../formats/import/common/sniff.ts";

/** Files that were brought at once, by what they are good for; each list in order of name. */
export interface Brought {
  readonly clips: readonly File[];
  readonly pictures: readonly File[];
  readonly tracks: readonly File[];
  readonly documents: readonly File[];
  readonly edits: readonly File[];
  /** Nothing that the studio opens: told, never dropped in silence. */
  readonly others: readonly File[];
}

/** Our own files name themselves first. */
const OWN_DOCUMENT = /^\uFEFF?\s*\{\s*"schema"\s*:\s*"foretrack-forecast"/;
const OWN_EDITS = /^\uFEFF?\s*\{\s*"schema"\s*:\s*"foretrack-edits"/;

const PICTURE = /\.(?:png|jpe?g|webp|avif|bmp|tiff?|hei[cf])$/i;
/** What lies about in folders and is meant for nobody. */
const LITTER = /^(?:\.|thumbs\.db$|desktop\.ini$)/i;
const PLAIN = /\.(?:md|pdf|docx?|xlsx?|html?|py|ipynb|log|ini|ya?ml|zip|exe|sh)$/i;

/** Sorts what was brought. A file alone is never put aside, so that opening it tells what it is. */
export async function sortBrought(files: readonly File[]): Promise<Brought> {
  const byName = [...files].sort((a, b) => order.compare(a.name, b.name));
  const wanted = byName.filter(({ name }) => files.length === 1 || !LITTER.test(name));
  const lists = {
    clips: [] as File[],
    pictures: [] as File[],
    tracks: [] as File[],
    documents: [] as File[],
    edits: [] as File[],
    others: [] as File[],
  };
  for (const file of wanted) {
    const head = new Uint8Array(await file.slice(0, SNIFF_BYTES).arrayBuffer());
    const text = new TextDecoder().decode(head);
    if (OWN_DOCUMENT.test(text)) lists.documents.push(file);
    else if (OWN_EDITS.test(text)) lists.edits.push(file);
    else if (looksLikeTracks(head, file.name)) lists.tracks.push(file);
    else if (files.length > 1 && PLAIN.test(file.name)) lists.others.push(file);
    else if (PICTURE.test(file.name)) lists.pictures.push(file);
    else lists.clips.push(file);
  }
  return lists;
}

const order = new Intl.Collator("en", { numeric: true });

/** Pictures whose names differ by one number alone, in its order: the frames of a clip. */
export function numberedPictures(pictures: readonly File[]): File[] | null {
  const names = numberedNames(pictures.map(({ name }) => name));
  if (!names) return null;
  return names.flatMap((name) => pictures.find((file) => file.name === name) ?? []);
}

/** All files of a drop, those inside folders too. To be called while the event is handled. */
export function filesOf(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return Promise.resolve([...data.files]);
  return Promise.all(entries.flatMap((entry) => (entry ? [filesUnder(entry)] : []))).then((all) =>
    all.flat(),
  );
}

/** So many files of one folder are looked at. */
const MOST_FILES = 5000;

async function filesUnder(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [
      await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      ),
    ];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  // A reader gives its entries in parts, and none once all were given.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0 || files.length >= MOST_FILES) return files;
    for (const child of part) files.push(...(await filesUnder(child)));
  }
}

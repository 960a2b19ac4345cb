/** A Tcl list, as Nuke's scripts nest them: words, "words in quotes" and {lists}. */
export type TclList = readonly (string | TclList)[];

/** Reads `text` as one Tcl list, line breaks counting as spaces. */
export function readTcl(text: string): TclList {
  const tokens = text.match(/[{}]|"[^"]*"|[^\s{}"]+/g) ?? [];
  let at = 0;
  const list = (): TclList => {
    const items: (string | TclList)[] = [];
    while (at < tokens.length && tokens[at] !== "}") {
      const token = tokens[at++];
      if (token !== "{") {
        items.push(token.replace(/^"|"$/g, ""));
        continue;
      }
      items.push(list());
      if (tokens[at++] !== "}") throw new Error("a brace is not closed");
    }
    return items;
  };
  const all = list();
  if (at < tokens.length) throw new Error("a brace too many");
  return all;
}

/**
 * The keys of a curve such as `curve K x1 5 6 x10 7`: a mark sets the frame and, after the first, the
 * step to the frames that follow (tracksperanto 4, nuke_grammar/utils.rb).
 */
export function readCurve(curve: TclList): Map<number, number> {
  const [word, ...parts] = curve;
  if (word !== "curve") throw new Error(`no curve: ${JSON.stringify(curve)}`);
  const keys = new Map<number, number>();
  let frame = 1;
  let step = 1;
  let last: number | undefined;
  for (const part of parts) {
    const mark = /^x(-?\d+)$/.exec(String(part));
    if (mark) {
      frame = Number(mark[1]);
      if (last !== undefined) step = frame - last;
    } else if (part !== "K" && part !== "i") {
      const value = Number(part);
      if (!Number.isFinite(value)) throw new Error(`no number: ${part}`);
      keys.set(frame, value);
      last = frame;
      frame += step;
    }
  }
  return keys;
}

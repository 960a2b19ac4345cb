import { expect, type Page, type TestInfo } from "@playwright/test";
import { realClip } from "./real-clips.ts";
import { stagePlaces } from "./stage.ts";
import { StudioPage } from "./studio.ts";

export const FUTURES = 5;
export const FOLLOWED = "The futures follow the edits";

export type Place = readonly [number, number];
/** x and y of a rectangle of the working frame, inclusive. */
export type Box = readonly [number, number, number, number];

export interface Saved {
  readonly edits: readonly { readonly kind: string; readonly points?: readonly number[] }[];
  readonly history: readonly Place[];
  /** [future][frame][point], the working frame's pixels. */
  readonly futures: readonly (readonly (readonly Place[])[])[];
}

export class Walk {
  readonly studio: StudioPage;

  constructor(
    readonly page: Page,
    private readonly info: TestInfo,
  ) {
    this.studio = new StudioPage(page);
  }

  async begin(file: string): Promise<void> {
    await this.studio.visit();
    await this.open(realClip(`real/${file}`));
  }

  async open(file: string): Promise<void> {
    await this.studio.openFile(file);
    await this.page.getByRole("spinbutton", { name: "How many to sample" }).fill(String(FUTURES));
    await this.studio.run(this.studio.forecast);
    await expect(this.studio.futures).toHaveCount(FUTURES);
  }

  async tool(name: string): Promise<void> {
    await this.page.getByRole("radio", { name, exact: true }).check();
  }

  /** Presses, moves through all places and lets go. */
  async pull(...places: readonly Place[]): Promise<void> {
    const place = await stagePlaces(this.page);
    const [first, ...others] = places;
    await this.page.mouse.move(...place(...first));
    await this.page.mouse.down();
    for (const other of others) await this.page.mouse.move(...place(...other), { steps: 8 });
    await this.page.mouse.up();
  }

  async click(at: Place): Promise<void> {
    await this.page.mouse.click(...(await stagePlaces(this.page))(...at));
  }

  /** Until this many edits are there and the futures obey them. */
  async followed(edits: number, status = FOLLOWED): Promise<Saved> {
    const rows = this.page.getByRole("list", { name: "Edits", exact: true });
    await expect(rows.getByRole("listitem")).toHaveCount(edits);
    await expect(this.studio.status).toHaveText(status);
    await expect(this.page.getByText("made with other edits")).toHaveCount(0);
    return this.saved();
  }

  async saved(): Promise<Saved> {
    const text = (await this.studio.save("Foretrack JSON")).bytes.toString();
    const { edits = [], history, futures } = JSON.parse(text);
    return {
      edits,
      history: history.tracksTN2.at(-1),
      futures: futures.map(({ tracksTN2 }: { tracksTN2: Place[][] }) => tracksTN2),
    };
  }

  async picture(name: string): Promise<void> {
    await this.page.mouse.move(5, 5);
    await this.page.screenshot({ path: this.info.outputPath(`${name}.png`) });
  }

  /** All steps of the edits back and forth again: nothing is left, then everything is there. */
  async thereAndBack(made: Saved, free: Saved): Promise<void> {
    const undo = this.page.getByRole("button", { name: "Undo", exact: true });
    const rows = this.page.getByRole("list", { name: "Edits", exact: true }).getByRole("listitem");
    let steps = 0;
    for (; (await rows.count()) > 0 && steps < 20; steps++) await undo.click();
    expect(await this.saved()).toEqual(free);
    const redo = this.page.getByRole("button", { name: "Redo", exact: true });
    for (let k = 0; k < steps; k++) await redo.click();
    expect(await this.saved()).toEqual(made);
    expect(this.studio.problems).toEqual([]);
  }
}

/** Points that are inside a box at "now". */
export function inside({ history }: Saved, [x0, y0, x1, y1]: Box): number[] {
  return [...history.keys()].filter((n) => {
    const [x, y] = history[n];
    return x >= x0 && x <= x1 && y >= y0 && y <= y1;
  });
}

export const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Median way of `points` from "now" to `frame` (the last one), in one future. */
export function way(saved: Saved, future: number, points: readonly number[], frame = -1): Place {
  const at = saved.futures[future].at(frame) ?? [];
  const along = (axis: 0 | 1) => median(points.map((n) => at[n][axis] - saved.history[n][axis]));
  return [along(0), along(1)];
}

/** Median distance of `points` between two forecasts, in a frame (the last one). */
export function apart(
  a: Saved,
  b: Saved,
  future: number,
  points: readonly number[],
  frame = -1,
): number {
  const [one, other] = [a.futures[future].at(frame) ?? [], b.futures[future].at(frame) ?? []];
  return median(points.map((n) => between(one[n], other[n])));
}

/** How far the wall behind the bottle goes along, in each future: the median of its points and one in ten. */
export function wallMoved(made: Saved, free: Saved): readonly (readonly [number, number])[] {
  const wall = inside(made, [30, 0, 820, 320]).filter(
    (n) => between(made.history[n], [705, 280]) > 110,
  );
  return made.futures.map((future, k) => {
    const last = free.futures[k].at(-1) ?? [];
    const ways = wall.map((n) => between(future.at(-1)?.[n] ?? last[n], last[n]));
    ways.sort((a, b) => a - b);
    return [median(ways), ways[Math.floor(0.9 * ways.length)]];
  });
}

export const between = (a: Place, b: Place) => Math.hypot(a[0] - b[0], a[1] - b[1]);

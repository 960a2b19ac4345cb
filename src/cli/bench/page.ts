import { existsSync } from "node:fs";
import { join } from "node:path";
import { freshProfile, ROOT, type ServedBuild, serveBuild } from "./browser.ts";
import { benchClip } from "./clip.ts";
import { buildOf } from "./history-build.ts";
import { type Cost, medianCost, type Report, reportCost, type Section } from "./measure.ts";
import { FUTURES, type Visit, visit } from "./visit.ts";

const REPEATS = 2;
const FROM_DROP = [
  ["→ clip on the timeline", "open"],
  ["→ first future", "first"],
  [`→ ${FUTURES} futures`, "all"],
] as const;
const LATER = [
  ["a new seed for one future", "one"],
  ["new “now” → first future", "moved"],
] as const;
/** Nobody has a clip in hand the moment that the page is there; a script has. */
const LOOKS = [
  {
    lookMillis: 0,
    waits: [...FROM_DROP.map(([what, key]) => [`drop ${what}`, key] as const), ...LATER],
  },
  {
    lookMillis: 5000,
    waits: FROM_DROP.map(
      ([what, key]) => [`drop 5 s after the page is ready ${what}`, key] as const,
    ),
  },
];
type Waits = (typeof LOOKS)[number]["waits"];
const TIMES = ["cold", "warm"] as const;

type Visits = Readonly<Record<(typeof TIMES)[number], readonly Visit[]>>;

/**
 * What a visitor waits for, from the drop of six seconds of 720p, when Forecast is pressed as soon as
 * it can be: cold in a fresh browser profile, warm after a reload of the same one. The clip is dropped as
 * soon as the page is there, and in other visits after a look at it.
 */
export const benchPage: Section = async (report, skip, { against }) => {
  const dist = join(ROOT, "dist");
  if (!existsSync(join(dist, "index.html"))) {
    skip("there is no build: npm run build");
    return;
  }
  const clip = await benchClip();
  const before = against === undefined ? null : await buildOf(against);
  const served: ServedBuild[] = [];
  try {
    for (const folder of before ? [dist, before.dist] : [dist])
      served.push(await serveBuild(folder));
    for (const { lookMillis, waits } of LOOKS) {
      const [own, visits] = await takeTurns(served, clip, lookMillis);
      const reference = before && visits ? { what: before.name, visits } : null;
      tellWaits(report, waits, own, reference);
      if (lookMillis === 0) tellMachine(report, own, reference);
    }
  } finally {
    for (const build of served) await build.close();
  }
};

/** Visits of each build, a cold and a warm one in turns, so that a busy moment meets all of them. */
async function takeTurns(
  served: readonly ServedBuild[],
  clip: string,
  lookMillis: number,
): Promise<Visits[]> {
  const visits = served.map(() => ({ cold: [] as Visit[], warm: [] as Visit[] }));
  for (let i = 0; i < REPEATS; i++) {
    for (const [k, { url }] of served.entries()) {
      const context = await freshProfile();
      try {
        const page = await context.newPage();
        for (const time of TIMES) {
          visits[k][time].push(await visit(page, url, { clip, lookMillis }));
        }
      } finally {
        await context.close();
      }
    }
  }
  return visits;
}

interface Reference {
  readonly what: string;
  readonly visits: Visits;
}

function tellWaits(report: Report, waits: Waits, own: Visits, against: Reference | null): void {
  for (const [what, key] of waits) {
    const cost = (visits: readonly Visit[]): Cost => medianCost(visits.map((waits) => waits[key]));
    for (const time of TIMES) {
      const first = time === "warm" ? { what: "cold", cost: cost(own.cold) } : null;
      const reference = against
        ? { what: against.what, cost: cost(against.visits[time]) }
        : (first ?? undefined);
      reportCost(report, cost(own[time]), {
        what: `${what}, ${time}`,
        ...(reference && { reference }),
      });
    }
  }
}

/** What the visits asked of the machine beside time. */
function tellMachine(report: Report, own: Visits, against: Reference | null): void {
  const rows = [
    ["graphics process, drop → first future, cold", "cpu ms", "graphicsMillis"],
    ["most memory of the page’s process, cold", "MB", "peakMegabytes"],
  ] as const;
  for (const [what, unit, key] of rows) {
    const most = (visits: Visits) => Math.max(...visits.cold.map((waits) => waits[key]));
    report({
      what,
      unit,
      value: most(own),
      ...(against && { reference: { what: against.what, value: most(against.visits) } }),
    });
  }
}

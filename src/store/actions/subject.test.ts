import { expect, test } from "vitest";
import type { Job } from "../../domain/job.ts";
import type { SubjectMask } from "../../domain/subject.ts";
import { selectDocument } from "../studio.ts";
import { fakeStudio } from "../testing.ts";
import { openClip } from "./clip.ts";
import { forecast } from "./forecast.ts";
import { pickSubject } from "./subject.ts";

/** The left half of the picture, or nothing. */
const mask = (level: number): SubjectMask => ({
  columns: 2,
  rows: 1,
  levels: Float32Array.of(level, 0),
});

async function studioThatFinds(found: Promise<SubjectMask>) {
  const { studio, ports } = fakeStudio();
  const jobs: Job[] = [];
  const find = (_: unknown, job?: Job) => {
    if (job) jobs.push(job);
    return found;
  };
  Object.assign(ports, { subject: async () => ({ find }) });
  await openClip(studio, new File(["a clip"], "made.mp4"));
  await forecast(studio);
  return { studio, jobs };
}

test("the points on the subject are picked; where there is none, that is said and what was picked stays", async () => {
  const { studio } = await studioThatFinds(Promise.resolve(mask(0.9)));
  await pickSubject(studio);
  expect(studio.state.view.selectedPoints).toHaveLength(195);
  expect(studio.state.status).toMatch(/195 points lie on the likely subject/);
  const { studio: empty } = await studioThatFinds(Promise.resolve(mask(0.2)));
  empty.state.setView({ selectedPoints: [3] });
  await pickSubject(empty);
  expect(empty.state.view.selectedPoints).toEqual([3]);
  expect(empty.state.status).toMatch(/no subject/);
});

test.each([
  [
    "clip",
    (studio: Parameters<typeof pickSubject>[0]) => openClip(studio, new File(["another"], "b.mp4")),
  ],
  [
    "“now”",
    (studio: Parameters<typeof pickSubject>[0]) => {
      studio.state.edit((document) => ({ ...document, nowIndex: 70 }));
      return forecast(studio);
    },
  ],
])("another %s ends the search: nothing of it is picked on another picture", async (_, change) => {
  let answer: (found: SubjectMask) => void = () => undefined;
  const { studio, jobs } = await studioThatFinds(new Promise((resolve) => (answer = resolve)));
  const before = selectDocument(studio.state).origin?.historyId;
  const picking = pickSubject(studio);
  await expect.poll(() => jobs.length).toBe(1);
  await change(studio);
  expect(selectDocument(studio.state).origin?.historyId).not.toBe(before);
  expect(jobs[0].signal?.aborted).toBe(true);
  const { status } = studio.state;
  answer(mask(0.9));
  await picking;
  expect(studio.state.view.selectedPoints).toEqual([]);
  expect(studio.state.status).toBe(status);
});

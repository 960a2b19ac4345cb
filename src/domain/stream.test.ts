import { expect, test } from "vitest";
import { Stream } from "./stream.ts";

async function drain<T>(stream: Stream<T>, heard: T[]): Promise<void> {
  for await (const value of stream) heard.push(value);
}

test("values arrive in order, whether they come before the reader or after", async () => {
  const stream = new Stream<number>();
  stream.add(1);
  stream.add(2);
  const heard: number[] = [];
  const reading = drain(stream, heard);
  await new Promise((done) => setTimeout(done, 1));
  expect(heard).toEqual([1, 2]);
  stream.add(3);
  stream.end();
  stream.add(4);
  await reading;
  expect(heard).toEqual([1, 2, 3]);
});

test("a failure comes after the values before it, and once", async () => {
  const stream = new Stream<number>();
  stream.add(1);
  stream.fail(new Error("damaged"));
  stream.end();
  const heard: number[] = [];
  await expect(drain(stream, heard)).rejects.toThrow("damaged");
  expect(heard).toEqual([1]);
});

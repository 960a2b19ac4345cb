import { EncodedPacket, InputVideoTrack, VideoSampleSink } from "mediabunny";
import { afterEach, expect, test, vi } from "vitest";
import { isDisposable, SparingSink } from "./sparing-sink.ts";

/** Four bytes tell how long each unit is. */
const CONFIG = Uint8Array.of(1, 100, 0, 31, 0xff);

/** Units of an H.264 packet: how much they are for reference, and their type. */
function packetOf(...units: readonly (readonly [reference: number, type: number])[]): Uint8Array {
  return Uint8Array.from(units.flatMap(([ref, type]) => [0, 0, 0, 3, (ref << 5) | type, 9, 9]));
}

const SEI = [0, 6] as const;
const KEPT_SLICE = [2, 1] as const;
const LOOSE_SLICE = [0, 1] as const;
const PARAMETERS = [3, 8] as const;

afterEach(() => void vi.restoreAllMocks());

test.each([
  ["a slice that nothing looks at", packetOf(LOOSE_SLICE), true],
  ["several of them, with what is told beside", packetOf(SEI, LOOSE_SLICE, LOOSE_SLICE), true],
  ["a slice for reference", packetOf(SEI, KEPT_SLICE), false],
  ["parameters for pictures to come", packetOf(PARAMETERS, LOOSE_SLICE), false],
  ["a key picture", packetOf([3, 5]), false],
  ["no picture", packetOf(SEI), false],
  ["a packet that is cut off", packetOf(LOOSE_SLICE).subarray(0, 6), false],
  ["bytes behind the last unit", Uint8Array.of(...packetOf(LOOSE_SLICE), 0, 0), false],
  ["nothing", new Uint8Array(), false],
])("%s", (_, packet, expected) => {
  expect(isDisposable(packet, CONFIG)).toBe(expected);
});

test("units may be told in one or two bytes", () => {
  expect(isDisposable(Uint8Array.of(0, 2, 1, 9), Uint8Array.of(1, 100, 0, 31, 0xfd))).toBe(true);
  expect(isDisposable(Uint8Array.of(2, 0x61, 9), Uint8Array.of(1, 100, 0, 31, 0xfc))).toBe(false);
});

test("only what is asked for or looked at is decoded", async () => {
  const decoded: number[] = [];
  // Fails where the sink comes by its decoder in another way.
  const factory = VideoSampleSink.prototype as unknown as Pick<SparingSink, "_createDecoder">;
  vi.spyOn(factory, "_createDecoder").mockResolvedValue({
    decode: ({ timestamp }) => decoded.push(timestamp),
  });
  const track: InputVideoTrack = Object.create(InputVideoTrack.prototype);
  const sink = new SparingSink(track, CONFIG, new Set([2]));
  const decoder = await sink._createDecoder(vi.fn(), vi.fn());
  const send = (secs: number, data: Uint8Array) =>
    decoder.decode(new EncodedPacket(data, "delta", secs, 1));
  send(0, packetOf([3, 5]));
  send(3, packetOf(KEPT_SLICE));
  send(1, packetOf(LOOSE_SLICE));
  send(2, packetOf(LOOSE_SLICE));
  expect(decoded).toEqual([0, 3, 2]);
});

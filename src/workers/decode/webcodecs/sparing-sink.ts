import { type EncodedPacket, type InputVideoTrack, VideoSampleSink } from "mediabunny";

interface PacketDecoder {
  decode(packet: EncodedPacket): void;
}

/** How the sink comes by its decoder: not part of its published interface. */
interface DecoderFactory {
  _createDecoder(...callbacks: unknown[]): Promise<PacketDecoder>;
}

/**
 * A sink for the samples of known times that leaves H.264 pictures undecoded which are not `wanted` and
 * which no other picture looks at: 41 of the 180 of the bench's clip, which has 30 a second, at 16. `avcConfig`:
 * content of the track's avcC box; `wanted`: timestamps in seconds, as the packets have them.
 */
export class SparingSink extends VideoSampleSink {
  constructor(
    track: InputVideoTrack,
    private readonly avcConfig: Uint8Array,
    private readonly wanted: ReadonlySet<number>,
  ) {
    super(track);
  }

  async _createDecoder(...callbacks: unknown[]): Promise<PacketDecoder> {
    const { _createDecoder } = VideoSampleSink.prototype as unknown as DecoderFactory;
    const decoder = await _createDecoder.apply(this, callbacks);
    const decode = decoder.decode.bind(decoder);
    decoder.decode = (packet) => {
      if (this.wanted.has(packet.timestamp) || !isDisposable(packet.data, this.avcConfig)) {
        decode(packet);
      }
    };
    return decoder;
  }
}

const SLICE = 1;

/**
 * Whether nothing in an H.264 packet is for reference (`nal_ref_idc` 0, ITU-T H.264 7.4.1): decoders may leave such a
 * picture out. False where that cannot be told. `avcConfig` tells how NAL units are laid out.
 */
export function isDisposable(packet: Uint8Array, avcConfig: Uint8Array): boolean {
  const lengthBytes = (avcConfig[4] & 3) + 1;
  let hasSlice = false;
  let at = 0;
  while (at + lengthBytes < packet.length) {
    let length = 0;
    for (let i = 0; i < lengthBytes; i++) length = 256 * length + packet[at++];
    if (length === 0 || at + length > packet.length) return false;
    if ((packet[at] & 0x60) !== 0) return false;
    hasSlice ||= (packet[at] & 0x1f) === SLICE;
    at += length;
  }
  return hasSlice && at === packet.length;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base64 in lines of `width` characters. */
export function base64Lines(bytes: Uint8Array, width: number): string[] {
  let text = "";
  const lines: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const bits = (a << 16) | (b << 8) | c;
    const left = bytes.length - i;
    text += ALPHABET[bits >> 18] + ALPHABET[(bits >> 12) & 63];
    text += (left > 1 ? ALPHABET[(bits >> 6) & 63] : "=") + (left > 2 ? ALPHABET[bits & 63] : "=");
    if (text.length >= width) {
      lines.push(text.slice(0, width));
      text = text.slice(width);
    }
  }
  if (text) lines.push(text);
  return lines;
}

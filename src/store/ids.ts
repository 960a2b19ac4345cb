const visit = Date.now().toString(36);
let made = 0;

/** A key that no other one of this or an earlier visit equals: restored sessions keep theirs. */
export function freshId(kind: string): string {
  return `${kind}-${visit}-${++made}`;
}

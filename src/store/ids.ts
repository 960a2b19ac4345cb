/** Makes keys that no other one of this or an earlier visit equals: restored sessions keep theirs. */
export function createIds(): (kind: string) => string {
  const visit = Date.now().toString(36);
  let made = 0;
  return (kind) => `${kind}-${visit}-${++made}`;
}

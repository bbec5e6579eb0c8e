/** Promises that are checked, and those of them that were broken. */
export function expectations() {
  const broken: string[] = [];
  return { broken, expect: (holds: boolean, promise: string) => void (holds || broken.push(promise)) };
}

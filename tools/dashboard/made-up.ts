/** One value a quarter of an hour, a day long. */
export const POINTS = 97;

/** What a metric might do in a day: its usual value, how much it follows the hours, and how rarely it is not 0. */
const SHAPES: Readonly<Record<string, { level: number; byDay?: boolean; rare?: number; whole?: boolean }>> = {
  Accepted: { level: 60, byDay: true, whole: true },
  Quarantined: { level: 2, rare: 0.03, whole: true },
  Refused: { level: 6, rare: 0.1, whole: true },
  Unavailable: { level: 3, rare: 0.015, whole: true },
  TooLarge: { level: 0 },
  p50: { level: 17 },
  p90: { level: 42 },
  p99: { level: 240 },
  Maximum: { level: 700 },
  Average: { level: 24 },
  Queue: { level: 12, byDay: true, whole: true },
  QuarantineQueue: { level: 1, rare: 0.04, whole: true },
  DeadLetterQueue: { level: 0 },
  ApproximateAgeOfOldestMessage: { level: 14, byDay: true },
  ColdStart: { level: 2, rare: 0.35, whole: true },
  Errors: { level: 0 },
  Throttles: { level: 0 },
  Invocations: { level: 62, byDay: true, whole: true },
};

/** Always the same numbers for the same name. */
export function valuesOf(label: string): readonly number[] {
  const shape = SHAPES[label];
  if (shape === undefined)
    throw new Error(`expected made-up data for ${label}, got none; add its shape to SHAPES`);
  const { level, byDay = false, rare = 1, whole = false } = shape;
  let seed = [...label].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  const random = () => {
    seed = (seed * 1_664_525 + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  return Array.from({ length: POINTS }, (_, index) => {
    const hours = byDay ? 0.15 + Math.max(0, Math.sin(((index / 4 - 6) / 16) * Math.PI)) : 1;
    const value = (random() < rare ? level : 0) * hours * (0.85 + 0.3 * random());
    return whole ? Math.round(value) : value;
  });
}

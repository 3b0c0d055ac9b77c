// A wall clock in a zone as a moment. At a gap (spring) the clock is read as before it, at a repetition (autumn) the first one
// counts, as Temporal and RFC 5545 do.

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const number = 'numeric';
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: number,
    month: number,
    day: number,
    hour: number,
    minute: number,
    second: number,
  });
  clocks.set(zone, clock);
  return clock;
}

function offsetAt(zone: string, moment: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(moment)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000;
}

const dayMs = 86_400_000;

/** @param wall the clock's reading as if it were UTC, in milliseconds since 1970 */
export function momentOfWall(wall: number, zone: string): number {
  const before = offsetAt(zone, wall - dayMs);
  const after = offsetAt(zone, wall + dayMs);
  const fitting = [wall - before, wall - after].filter((moment) => moment + offsetAt(zone, moment) === wall);
  return fitting.length > 0 ? Math.min(...fitting) : wall - before;
}

// The people of the three exports, as facts: what is written into a file, and what is expected, are both made from these.

/** One row of an export. */
export interface Visit {
  job: number;
  person: number;
  firstName: string;
  lastName: string;
  /** Empty: none is known. */
  email: string;
  phone: string;
  state: 'completed' | 'scheduled' | 'cancelled';
  /** Local wall time of the completion: date and minutes after midnight. */
  date: string;
  minutes: number;
  noEmail: boolean;
  smsConsent: 'yes' | 'no' | '';
}

const firstNames = ['Mara', 'Ivo', 'Tilly', 'June', 'Rhys', 'Odile', 'Pell', 'Lena', 'Corin', 'Zoë', 'Otis', 'Nell'];
const lastNames = ['Quill', 'Ashgrove', 'Farrow', 'Tallow', 'Brack', 'Carrow', 'Marsh', 'Thatch', "O'Dell", 'Vane'];

/** A repeatable sequence of numbers from 0 up to 1 (mulberry32). */
function sequenceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function stateOf(chance: number): Visit['state'] {
  if (chance < 0.84) return 'completed';
  return chance < 0.93 ? 'scheduled' : 'cancelled';
}

/** The day so many days before one. */
function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

// Mornings, noon, evenings and nights: what is due at night has to wait for the morning.
const hours = [2, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 23] as const;

/**
 * Rows of one export: most of them completed within the last days, some too long ago, scheduled, cancelled, without an address, of
 * people who want no email, and of people who are on it twice.
 * @param lastDay the day before the import
 */
export function visits(name: string, count: number, seed: number, lastDay: string): Visit[] {
  const next = sequenceOf(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T;
  return Array.from({ length: count }, (_, job): Visit => {
    const isAgain = job > 10 && next() < 0.08;
    const person = isAgain ? Math.floor(next() * 10) : job;
    // A person keeps one name and one address, however often they are on the list.
    const fixed = sequenceOf(seed * 1000 + person);
    const [first, last, address] = [fixed(), fixed(), fixed()];
    return {
      job: 1000 + job,
      person,
      firstName: firstNames[Math.floor(first * firstNames.length)] ?? '',
      lastName: lastNames[Math.floor(last * lastNames.length)] ?? '',
      email: address < 0.1 ? '' : `${name}${person}@example.test`,
      phone: `(212) 55${Math.floor(seed % 10)}-${String(1000 + person)}`,
      state: stateOf(next()),
      date: daysBefore(lastDay, next() < 0.08 ? 20 + Math.floor(next() * 9) : Math.floor(next() * 6)),
      minutes: pick(hours) * 60 + Math.floor(next() * 60),
      noEmail: fixed() < 0.06,
      smsConsent: pick(['', '', 'no', 'yes']),
    };
  });
}

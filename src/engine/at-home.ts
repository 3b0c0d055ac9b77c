// Whether the database is the one this worker knows. A restored backup and a copy do not know what was sent since: they send nothing
// until somebody has looked (rules.md 25).

/** What a worker keeps outside of the database, so that it notices when the database has gone back. */
export interface Memory {
  /** The highest generation seen of an installation; null: none. */
  recall(installationId: string): Promise<number | null>;
  remember(installationId: string, generation: number): Promise<void>;
}

/** How the database answers a worker that says that it is there. */
export interface HomeState {
  generation: number;
  /** Why nothing is sent; null: it may. */
  safeModeReason: string | null;
  /** What became due since then may have left without this database knowing; null: nothing. */
  doubtsSince: Date | null;
}

/** Every call is one transaction, and resolves only when its commit is known. */
export interface HomeStore {
  installationId(): Promise<string>;
  checkIn(generationSeen: number | null, now: Date | null): Promise<HomeState>;
  /**
   * Takes at most `limit` due touches for ones that may have left; 0: none are left.
   * @param since null: what a change of timeline asks for
   */
  doubt(since: Date | null, limit: number, now: Date | null): Promise<number>;
}

export interface Resident {
  store: HomeStore;
  clock: { now(): Date | null };
  /** Absent: nothing is kept outside, so only another server, another database and another place are noticed. */
  memory?: Memory;
}

const mostDoubted = 500;

/** Takes everything that may have left since a moment for unknown; answers how much it looked at. */
export async function doubtAll({ store, clock }: Resident, since: Date | null): Promise<number> {
  let looked = 0;
  for (;;) {
    const some = await store.doubt(since, mostDoubted, clock.now());
    if (some === 0) return looked;
    looked += some;
  }
}

/** Says that this worker is there, before its first claim and then again and again. */
export async function checkIn(resident: Resident): Promise<HomeState> {
  const { store, clock, memory } = resident;
  const installationId = await store.installationId();
  const seen = (await memory?.recall(installationId)) ?? null;
  const state = await store.checkIn(seen, clock.now());
  if (state.safeModeReason !== null) return state;
  // After the commit is known: what is remembered was there.
  await memory?.remember(installationId, state.generation);
  if (state.doubtsSince !== null) await doubtAll(resident, null);
  return state;
}

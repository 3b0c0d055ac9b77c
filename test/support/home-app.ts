// The pages on the business in memory, with sign-in as it is.
import { type AppOptions, createApp } from '../../src/http/app.ts';
import type { ServerFacts } from '../../src/http/home/sign-in-pages.ts';
import { homeWorld, now } from './home-world.ts';

export const facts: ServerFacts = { version: '0.1.0', postgresVersion: '17.10', embedded: true, hasBusiness: true };

/** Links that open a session once: `good`; and those that do not. */
function sessions(): NonNullable<AppOptions['home']>['sessions'] {
  const used = new Set<string>();
  const open = new Set<string>();
  return {
    open: async (link) => {
      if (link === 'old') return { outcome: 'expired' };
      if (!link.startsWith('good')) return { outcome: 'unknown' };
      if (used.has(link)) return { outcome: 'used' };
      used.add(link);
      open.add(`session-${link}`);
      return { outcome: 'opened', token: `session-${link}`, expiresAt: new Date(Date.now() + 30 * 86_400_000) };
    },
    userId: async (token) => (open.has(token) ? 'ann' : undefined),
    end: async (token) => void open.delete(token),
  };
}

export interface HomeAppOptions extends Partial<Omit<AppOptions, 'home'>> {
  world?: ReturnType<typeof homeWorld>;
  mailboxOnly?: boolean;
  /** Why nothing is sent. */
  stopped?: string;
  demoState?: () => Promise<{ state: 'absent' | 'making' | 'ready'; day?: number; days?: number }>;
}

export function homeApp(options: HomeAppOptions = {}): ReturnType<typeof createApp> {
  const { world = homeWorld(), mailboxOnly = true, stopped, demoState, ...rest } = options;
  return createApp({
    ready: () => Promise.resolve(),
    facts: () => Promise.resolve(facts),
    now: () => now,
    home: {
      sessions: sessions(),
      port: () => world.port,
      mailboxOnly,
      stopped: () => Promise.resolve(stopped),
      ...(demoState === undefined ? {} : { demo: demoState }),
    },
    ...rest,
  });
}

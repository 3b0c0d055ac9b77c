// `touchline config`, and what may be seen of settings.
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { redactUrl } from '../../src/domain/redact-url.ts';
import { document, run } from './run.ts';

interface Settings {
  settings: { name: string; value: string | null; source: string; default: string | null; meaning: string }[];
}

async function show(
  env: Record<string, string>,
  ...args: string[]
): Promise<Map<string, { value: string | null; source: string }>> {
  const { settings } = document<Settings>(await run(['config', '--json', ...args], { env }));
  return new Map(settings.map(({ name, value, source }) => [name, { value, source }]));
}

describe('touchline config', () => {
  test('prints every setting as a table', async () => {
    const { code, out, err } = await run(['config'], { env: { PORT: '4400' } });
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^PORT +4400 +environment/m);
    expect(out).toMatch(/^HOST +127\.0\.0\.1 +default/m);
  });

  test('hides every secret, wherever it stands', async () => {
    const env = {
      DATABASE_URL: 'postgres://ann:hidden@db.internal/app?sslmode=require',
      TOUCHLINE_SECRET: 'hidden-hidden-hidden-hidden-hidden-hidden',
      SMTP_URL: 'smtps://ann:hidden@mail.example:465',
      RESEND_API_KEY: 're_hidden',
      RESEND_WEBHOOK_SECRET: 'whsec_hiddenhidden',
      TWILIO_ACCOUNT_SID: `AC${'0a'.repeat(16)}`,
      TWILIO_AUTH_TOKEN: 'hidden',
      TWILIO_FROM: '+12125550100',
    };
    const { code, out, err } = await run(['config', '--json'], { env });
    expect(code).toBe(0);
    expect(`${out}${err}`).not.toContain('hidden-');
    expect(`${out}${err}`).not.toMatch(/:hidden@|re_hidden|whsec_hidden|"hidden"/);
    const shown = await show(env);
    expect(shown.get('DATABASE_URL')).toEqual({
      value: 'postgres://ann:***@db.internal/app?sslmode=require',
      source: 'environment',
    });
    expect(shown.get('RESEND_API_KEY')?.value).toBe('(set, hidden)');
  });

  test('shows the database of the option, which goes first', async () => {
    const env = { DATABASE_URL: 'postgres://a/b' };
    const shown = await show(env, '--database-url', 'postgres://ann:hidden@c/d');
    expect(shown.get('DATABASE_URL')).toEqual({ value: 'postgres://ann:***@c/d', source: 'option' });
  });

  test('an empty variable is an absent one', async () => {
    expect((await show({ PORT: '' })).get('PORT')).toEqual({ value: '4000', source: 'default' });
  });
});

describe('a URL as people see it', () => {
  test.each([
    ['postgres://db/app', 'postgres://db/app'],
    ['postgres://ann:pa55@db/app', 'postgres://ann:***@db/app'],
    ['postgres://ann@db/app?password=pa55', 'postgres://ann@db/app?***'],
    ['postgres://ann@db/app?sslmode=require&sslpassword=pa55', 'postgres://ann@db/app?***'],
    ['postgres://ann:12?pa55@db/app', 'postgres://ann:12?***'],
    ['postgres://ann:12#pa55@db/app', 'postgres://ann:12#***'],
    ['postgres://ann:pa55/@db:x/app', '(set, hidden)'],
  ])('%s → %s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });

  test('a password that was not percent-encoded is noticed, not cut off', () => {
    expect(() => loadConfig({ DATABASE_URL: 'postgres://ann:12#pa55@db/app' })).toThrow(
      /^DATABASE_URL must be .* percent-encoded, got postgres:\/\/ann:12#\*\*\*\.$/,
    );
  });
});

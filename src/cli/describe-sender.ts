// A sender account in words.
import type { SenderAccountShown } from '../db/read/senders.ts';

/** Where it stands: in use, paused and why. */
export function senderState({ in_use, status, pause_reason, paused_until }: SenderAccountShown): string {
  if (status !== 'paused') return in_use ? 'in use' : 'not in use';
  const end = paused_until === null ? 'until it is resumed' : `until ${paused_until.toISOString()}`;
  return `${in_use ? 'in use, ' : ''}paused ${end}: ${pause_reason ?? ''}`;
}

/** Its settings, as `name value`; none of them is secret. */
export function senderDetails({ settings, from_address, rate_per_hour, has_secret, kind }: SenderAccountShown): string {
  const all = {
    from: from_address,
    ...settings,
    'per hour': rate_per_hour,
    secret: kind === 'server_default' || has_secret ? null : 'none',
  };
  return Object.entries(all)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}

export function describeSender(account: SenderAccountShown): string {
  const { name, kind, channel, id } = account;
  return `${name} (${kind}, ${channel}, ${id}): ${[senderState(account), senderDetails(account)].filter((part) => part !== '').join('; ')}`;
}

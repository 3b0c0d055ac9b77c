// Sending windows as options of `business add` and `business set`.
import type { Command } from 'commander';
import type { ClientBase } from 'pg';
import { setSendingWindows } from '../db/call/businesses.ts';
import { parseWindows } from './windows.ts';

interface WindowChange {
  channel: 'email' | 'sms';
  windows: ReturnType<typeof parseWindows>;
}

export function addWindowOptions(command: Command): Command {
  return command
    .optionsGroup("Sending windows, in the customer's time:")
    .option(
      '--email-windows <windows>',
      'like "mon-fri 07:00-21:00, sat 09:00-17:00"; other days are closed. Also always, never',
    )
    .option('--sms-windows <windows>', 'the same for SMS');
}

/**
 * The windows as far as options give them.
 * @throws CommandProblem `usage`
 */
export function windowsFrom(options: Readonly<Record<string, unknown>>): WindowChange[] {
  return (['email', 'sms'] as const).flatMap((channel) => {
    const text = options[`${channel}Windows`];
    return typeof text === 'string' ? [{ channel, windows: parseWindows(text) }] : [];
  });
}

export async function applyWindows(
  client: ClientBase,
  businessId: string,
  changes: readonly WindowChange[],
): Promise<void> {
  for (const { channel, windows } of changes) await setSendingWindows(client, businessId, channel, windows);
}

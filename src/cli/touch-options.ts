// The options with which `campaign create` and `campaign edit` take touches.
import { type Command, Option } from 'commander';
import type { ClientBase } from 'pg';
import type { NewTouch } from '../db/call/campaigns.ts';
import { chooseTemplate } from './choose.ts';
import type { Io } from './io.ts';
import { readText } from './read-text.ts';
import { parseTouch, parseTouches, type TouchInput } from './touches.ts';

export interface TouchOptions {
  touch?: string[];
  touches?: string;
}

export function addTouchOptions(command: Command): Command {
  const each =
    'CHANNEL:DELAY[:TEMPLATE], once per touch in order, like email:24h:"First message" or sms:3d; the delay counts from the touch before';
  return command
    .addOption(
      new Option('--touch <touch>', each)
        .argParser((text: string, before: string[] | undefined) => [...(before ?? []), text])
        .conflicts('touches'),
    )
    .option('--touches <file>', 'a JSON list of touches (- reads standard input), as campaign show --json prints them');
}

/** The touches that the options write; undefined when they write none. */
export async function readTouches(io: Io, { touch, touches }: TouchOptions): Promise<TouchInput[] | undefined> {
  if (touches === undefined) return touch?.map(parseTouch);
  const source = touches === '-' ? 'Standard input' : touches;
  return parseTouches(await readText(io, touches), source);
}

/** Finds the templates of the touches. */
export async function resolveTouches(
  client: ClientBase,
  businessId: string,
  inputs: readonly TouchInput[],
): Promise<NewTouch[]> {
  const resolved: NewTouch[] = [];
  for (const { channel, delay_hours, template } of inputs) {
    const found = template === null ? undefined : await chooseTemplate(client, businessId, template, channel);
    resolved.push({ channel, delay_hours, template_id: found?.id ?? null });
  }
  return resolved;
}

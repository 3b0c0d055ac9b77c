// `touchline unknown`: messages whose outcome could not be proved, and what a person decides about them.
import { Argument, type Command } from 'commander';
import { type Choice, choices, resolveTouch } from '../../db/call/unknown.ts';
import { listUnproved, type UnprovedMessage } from '../../db/read/unknown.ts';
import { uuidOf } from '../../domain/provider-event.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness } from '../choose.ts';
import { addPageOptions, moreLine, type PageOptions } from '../page-options.ts';
import type { Perform } from '../perform.ts';
import { usage } from '../problem.ts';
import { type Column, table } from '../table.ts';

const moment = (at: Date | null): string | null => at && `${at.toISOString().slice(0, 19)}Z`;

const columns: readonly Column<UnprovedMessage>[] = [
  { title: 'MESSAGE', value: ({ send_log_id }) => send_log_id },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'CHANNEL', value: ({ channel }) => channel },
  { title: 'TO', value: ({ recipient }) => recipient },
  { title: 'TOUCH', value: ({ touch_number }) => touch_number },
  { title: 'TRIED', value: ({ attempts }) => attempts, align: 'right' },
  { title: 'CLAIMED', value: ({ claimed_at }) => moment(claimed_at) },
  { title: 'ASKED NEXT', value: ({ look_at }) => moment(look_at) },
  { title: 'WHY', value: ({ error_message }) => error_message },
];

function addList(parent: Command, perform: Perform): void {
  addPageOptions(addBusinessOption(parent.command('list')), 50)
    .description('messages that may or may not have arrived: unknown, held, presumed sent; newest first')
    .action(
      perform(async ({ open, paint }, { business, limit, cursor }: PageOptions & { business?: string }) => {
        const { run } = await open('current');
        const { rows: messages, nextCursor } = await run(async (client) =>
          listUnproved(client, (await chooseBusiness(client, business)).id, { cursor: cursor ?? null, limit }),
        );
        const none = 'The outcome of every message is proved.';
        const text = table(messages, columns, (title) => paint('bold', title), none) + moreLine(nextCursor);
        return { text, document: { messages, next_cursor: nextCursor } };
      }),
    );
}

interface ResolveOptions {
  business?: string;
  acknowledgeDuplicateRisk?: true;
}

function addResolve(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('resolve'))
    .description('decide about a message that is unknown or held: it was sent, skip it, or send it again')
    .argument('<message>', 'its id')
    .addArgument(new Argument('<choice>', 'what is known, or what shall follow').choices(choices))
    .option('--acknowledge-duplicate-risk', 'needed to resend: the customer may get the message twice')
    .action(
      perform(async ({ open }, id: string, choice: Choice, options: ResolveOptions) => {
        const message = uuidOf(id);
        if (message === undefined) {
          throw usage(`"${id}" is not the id of a message.`, 'touchline unknown list shows the ids.');
        }
        const { run } = await open('current');
        const state = await run(async (client) => {
          const { id: businessId } = await chooseBusiness(client, options.business);
          return resolveTouch(client, businessId, message, choice, options.acknowledgeDuplicateRisk === true);
        });
        const text = state === 'retry' ? 'It is due again.' : `It is ${state} now.`;
        return { text, document: { send_log_id: message, state } };
      }),
    );
}

export function addUnknown(parent: Command, perform: Perform): void {
  const unknown = parent.command('unknown').description('messages whose outcome could not be proved');
  for (const add of [addList, addResolve]) add(unknown, perform);
}

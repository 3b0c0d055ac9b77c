// `touchline mailbox`: messages that the built-in mailbox kept instead of sending them.
import type { Command } from 'commander';
import { listMailbox, type MailboxRow } from '../../db/api.ts';
import { type MailboxMessageDetail, readMailboxMessage } from '../../db/read/mailbox.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness } from '../choose.ts';
import { addPageOptions, moreLine, type PageOptions } from '../page-options.ts';
import type { Perform } from '../perform.ts';
import { notFound } from '../problem.ts';
import { type Column, plain, table } from '../table.ts';

const minute = (moment: Date): string => `${moment.toISOString().slice(0, 16)}Z`;

/** The first words of a text, in one line. */
function beginning(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

const columns: readonly Column<MailboxRow>[] = [
  { title: 'ACCEPTED', value: ({ accepted_at }) => minute(accepted_at) },
  { title: 'BY', value: ({ channel }) => channel },
  { title: 'TO', value: ({ recipient }) => recipient },
  { title: 'MESSAGE', value: ({ subject, text }) => beginning(subject ?? text, 60) },
  { title: 'ID', value: ({ id }) => id },
];

function describe(message: MailboxMessageDetail): string {
  const { from_name: from, recipient, subject, text, accepted_at: acceptedAt } = message;
  const heads = [
    ...(from === null ? [] : [`From: ${plain(from)}`]),
    `To: ${plain(recipient)}`,
    `Date: ${minute(acceptedAt)}`,
    ...(subject === null ? [] : [`Subject: ${plain(subject)}`]),
  ];
  return [...heads, '', ...text.split('\n').map(plain)].join('\n').trimEnd();
}

function addShow(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('show'))
    .description('show one message as its customer reads it')
    .argument('<message>', 'its id')
    .action(
      perform(async ({ open }, id: string, { business }: { business?: string }) => {
        const look = 'touchline mailbox lists the latest.';
        const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.\d{1,4}$/i.test(id);
        if (!isId) throw notFound(`There is no message "${plain(id).slice(0, 80)}" in the mailbox.`, look);
        const { run } = await open('current');
        const message = await run(async (client) =>
          readMailboxMessage(client, (await chooseBusiness(client, business)).id, id.toLowerCase()),
        );
        if (message === undefined) throw notFound(`There is no message ${id} in the mailbox.`, look);
        return { text: describe(message), document: { message } };
      }),
    );
}

export function addMailbox(parent: Command, perform: Perform): void {
  const mailbox = addPageOptions(addBusinessOption(parent.command('mailbox')), 20)
    .description('messages that the built-in mailbox kept instead of sending them, newest first')
    .action(
      perform(async ({ open, paint }, { business, limit, cursor }: PageOptions & { business?: string }) => {
        const { run } = await open('current');
        const { rows, nextCursor } = await run(async (client) =>
          listMailbox(client, (await chooseBusiness(client, business)).id, { cursor: cursor ?? null, limit }),
        );
        const messages = rows.map(({ place: _place, ...message }) => message);
        const list = table(rows, columns, (text) => paint('bold', text), 'The mailbox is empty.');
        return { text: list + moreLine(nextCursor), document: { messages, next_cursor: nextCursor } };
      }),
    );
  addShow(mailbox, perform);
}

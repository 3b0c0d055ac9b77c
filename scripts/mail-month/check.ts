// What has to be true of every mail, read from its bytes.
import PostalMime, { type Email } from 'postal-mime';
import { dkimProblems } from './dkim.ts';
import type { Arrived } from './inbox.ts';

/** What the mails were made with. */
export interface Settings {
  domain: string;
  from: string;
  publicUrl: string;
  publicKey: string;
  /** By product: the address that must stand in the footer. */
  postalAddress: string;
}

const headerOf = (mail: Email, name: string): string => mail.headers.find(({ key }) => key === name)?.value ?? '';

/** The link of the one click; undefined when there is none. */
export async function unsubscribeLink({ raw }: Arrived): Promise<string | undefined> {
  const mail = await PostalMime.parse(Buffer.from(raw, 'latin1'));
  return /^<(https?:[^>]+)>$/.exec(headerOf(mail, 'list-unsubscribe'))?.[1];
}

/** What is wrong with a mail; empty when nothing is. */
export async function mailProblems({ raw, recipient, from }: Arrived, settings: Settings): Promise<string[]> {
  const mail = await PostalMime.parse(Buffer.from(raw, 'latin1'));
  const { text = '', html = '' } = mail;
  const link = /^<(.+)>$/.exec(headerOf(mail, 'list-unsubscribe'))?.[1] ?? '';
  const facts: [boolean, string][] = [
    [from === settings.from && mail.from?.address === settings.from, 'from somebody else'],
    [mail.to?.length === 1 && mail.to[0]?.address === recipient, 'to somebody else'],
    [link.startsWith(`${settings.publicUrl}/u/`), 'List-Unsubscribe is not our link'],
    [headerOf(mail, 'list-unsubscribe-post') === 'List-Unsubscribe=One-Click', 'List-Unsubscribe-Post is missing'],
    [new RegExp(`^<[0-9a-f-]{36}@${settings.domain}>$`).test(mail.messageId ?? ''), 'Message-ID is not the intent'],
    [headerOf(mail, 'content-type').startsWith('multipart/alternative'), 'not multipart/alternative'],
    [text.includes(settings.postalAddress), 'no postal address in the text'],
    [html.includes(settings.postalAddress), 'no postal address in the HTML'],
    [text.includes(link) && html.includes(link), 'no unsubscribe link in a part'],
    [!/\{\{|\}\}|undefined|null/.test(`${mail.subject}${text}${html}`), 'something was not filled in'],
  ];
  const wrong = facts.filter(([holds]) => !holds).map(([, what]) => what);
  return [...wrong, ...dkimProblems(raw, settings.publicKey, settings.domain)];
}

/** Ids that more than one mail has. */
export async function repeatedIds(arrived: readonly Arrived[]): Promise<string[]> {
  const counts = new Map<string, number>();
  for (const { raw } of arrived) {
    const { messageId = '' } = await PostalMime.parse(Buffer.from(raw, 'latin1'));
    counts.set(messageId, (counts.get(messageId) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([id, count]) => `${id} came ${count} times`);
}

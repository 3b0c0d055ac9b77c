import { type Command, Option } from 'commander';
import type { Perform } from '../perform.ts';
import { type LoginAs, loginLink } from '../sign-in.ts';
import { readUserId } from '../user-id.ts';

interface LoginOptions {
  user?: string;
  email?: string;
}

/** Where the pages are reached, as far as the settings say; a server that was told PORT=0 prints its own link. */
function baseOf({ publicUrl, host, port }: { publicUrl: string | undefined; host: string; port: number }): string {
  if (publicUrl !== undefined) return publicUrl;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function chosen({ user, email }: LoginOptions): LoginAs {
  return { ...(user === undefined ? {} : { userId: user }), ...(email === undefined ? {} : { email }) };
}

export function addLogin(parent: Command, perform: Perform): void {
  parent
    .command('login')
    .description('print a link that signs you in to the pages, once, within 15 minutes')
    .option('--user <id>', 'id of the user, in Supabase that of auth.users; default: the local user', readUserId)
    .addOption(
      new Option('--email <address>', 'a user of this server by email, made if there is none').conflicts('user'),
    )
    .addHelpText(
      'after',
      '\nThe local user owns every business that was added without --owner. Settings: PUBLIC_URL, HOST, PORT.',
    )
    .action(
      perform(async (cli, options: LoginOptions) => {
        const database = await cli.open('current');
        const { url, userId, expiresAt } = await loginLink(database, baseOf(cli.config), chosen(options));
        cli.say('Open it within 15 minutes, while touchline start is running; it works once.');
        return { text: url, document: { url, user_id: userId, expires_at: expiresAt.toISOString() } };
      }),
    );
}

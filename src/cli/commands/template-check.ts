// `template check`: what is wrong with a text, what a customer would read, and what an SMS costs. Changes nothing.
import type { Command } from 'commander';
import { listTemplates } from '../../db/read/templates.ts';
import type { Business, MessageTemplate } from '../../generated/rows.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness, chooseTemplate } from '../choose.ts';
import type { Answer, Cli, Perform } from '../perform.ts';
import { describePreview, describeVerdict, type Preview, preview } from '../preview.ts';
import { exit, usage } from '../problem.ts';
import { plain } from '../table.ts';
import { addTextOptions, readBody, type TextOptions } from '../template-options.ts';

interface CheckOptions extends TextOptions {
  business?: string;
}

interface Checked extends Preview {
  id: string | null;
  name: string;
  channel: MessageTemplate['channel'];
}

function answer(checked: readonly Checked[]): Answer {
  const ok = checked.every((one) => one.ok);
  const text = checked.map(
    (one) => `${plain(one.name)} (${one.channel}): ${describeVerdict(one)}\n${describePreview(one)}`,
  );
  return {
    text: text.join('\n\n') || 'No texts yet.',
    document: { ok, templates: checked },
    exitCode: ok ? exit.ok : exit.failed,
  };
}

/** A text that is not saved: no database is needed. */
function checkLoose(options: CheckOptions, body: string): Answer {
  const { channel, subject = null, purpose = 'other' } = options;
  if (channel === undefined) throw usage('The check needs --channel.', 'Add --channel email or --channel sms.');
  const name = options.bodyFile ?? 'this text';
  return answer([{ id: null, name, channel, ...preview({ channel, subject, body, purpose }) }]);
}

async function checkSaved({ open }: Cli, wanted: string | undefined, options: CheckOptions): Promise<Answer> {
  const { run } = await open('current');
  const [business, templates] = await run(async (client): Promise<[Business, MessageTemplate[]]> => {
    const chosen = await chooseBusiness(client, options.business);
    if (wanted === undefined) return [chosen, await listTemplates(client, chosen.id)];
    return [chosen, [await chooseTemplate(client, chosen.id, wanted)]];
  });
  return answer(
    templates.map((template) => {
      const { id, name, channel } = template;
      return { id, name, channel, ...preview(template, business) };
    }),
  );
}

export function addTemplateCheck(parent: Command, perform: Perform): void {
  addTextOptions(addBusinessOption(parent.command('check')))
    .description('check one text, or all of a business; or one that is not saved yet (--body, --body-file)')
    .argument('[template]', 'id or name; without it and without a text, all are checked')
    .action(
      perform(async (cli, wanted: string | undefined, options: CheckOptions) => {
        const body = await readBody(cli.io, options);
        if (body !== undefined && wanted !== undefined) {
          throw usage('Either a saved text is checked or a new one, not both.', 'Leave the name out, or --body.');
        }
        return body === undefined ? checkSaved(cli, wanted, options) : checkLoose(options, body);
      }),
    );
}

// `template set`: writes a text, or changes one. A text with an error is not saved.
import type { Command } from 'commander';
import type { ClientBase } from 'pg';
import { type NewTemplate, saveTemplate } from '../../db/call/templates.ts';
import { readTemplate } from '../../db/read/templates.ts';
import type { MessageTemplate } from '../../generated/rows.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness, chooseTemplate } from '../choose.ts';
import type { Perform } from '../perform.ts';
import { describePreview, describeTemplateProblem, type Preview, preview } from '../preview.ts';
import { CommandProblem, exit, usage } from '../problem.ts';
import { plain } from '../table.ts';
import { addServiceTypeOption, addTextOptions, readBody, type TextOptions } from '../template-options.ts';
import { counted } from '../words.ts';

interface SetOptions extends TextOptions {
  business?: string;
  name?: string;
}

function refused(name: string, { problems }: Preview): CommandProblem {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  return new CommandProblem({
    code: 'template_invalid',
    what: `"${name}" was not saved: ${first === undefined ? 'it has errors.' : describeTemplateProblem(first)}`,
    why: errors.length > 1 ? `It has ${counted(errors.length, 'error')}.` : '',
    fix: '',
    exitCode: exit.refused,
    details: { problems },
  });
}

/** The template as it will be: what the options say, else what it was. */
function merge(before: MessageTemplate | undefined, options: SetOptions, body: string | undefined): NewTemplate {
  const {
    name = before?.name,
    channel = before?.channel,
    purpose,
    serviceType,
    subject = before?.subject ?? null,
  } = options;
  const text = body ?? before?.body;
  if (name === undefined || channel === undefined || text === undefined) {
    const missing = [name ?? '--name', channel ?? '--channel', text ?? '--body or --body-file'];
    const named = missing.filter((part) => part.startsWith('--')).join(', ');
    throw usage(
      `A new text needs ${named}.`,
      'To change one, name it: touchline template set "First message" --body …',
    );
  }
  const service_type = serviceType ?? before?.service_type ?? 'all';
  return {
    name,
    channel,
    service_type: service_type === 'all' ? null : service_type,
    purpose: purpose ?? before?.purpose ?? 'other',
    subject,
    body: text,
  };
}

async function save(
  client: ClientBase,
  wanted: string | undefined,
  options: SetOptions,
  body: string | undefined,
): Promise<{ template: MessageTemplate | undefined; checked: Preview }> {
  const business = await chooseBusiness(client, options.business);
  const before = wanted === undefined ? undefined : await chooseTemplate(client, business.id, wanted);
  const template = merge(before, options, body);
  const checked = preview(template, business);
  if (!checked.ok) throw refused(template.name, checked);
  const id = await saveTemplate(client, business.id, before?.id ?? null, template);
  return { template: await readTemplate(client, business.id, id), checked };
}

export function addTemplateSet(parent: Command, perform: Perform): void {
  const command = addTextOptions(addBusinessOption(parent.command('set')))
    .description('write a new text, or change one; it is checked before it is saved')
    .argument('[template]', 'id or name of the text to change; without it, a new one is made')
    .option('--name <text>', 'what it is called');
  addServiceTypeOption(command).action(
    perform(async ({ io, open, say }, wanted: string | undefined, options: SetOptions) => {
      const body = await readBody(io, options);
      const { run } = await open('current');
      const { template, checked } = await run((client) => save(client, wanted, options, body));
      if (wanted !== undefined)
        say('Published campaigns go on with the text they were published with, until published again.');
      const text = `Saved ${plain(template?.name ?? '')} (${template?.id}).\n${describePreview(checked)}`;
      return { text, document: { template, ...checked } };
    }),
  );
}

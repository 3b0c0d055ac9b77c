// `touchline template`: the texts of a business.
import type { Command } from 'commander';
import { listTemplates } from '../../db/read/templates.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness } from '../choose.ts';
import type { Perform } from '../perform.ts';
import { describeVerdict, preview } from '../preview.ts';
import { table } from '../table.ts';
import { addTemplateCheck } from './template-check.ts';
import { addTemplateSet } from './template-set.ts';

function addList(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('list'))
    .description('list the texts of a business, with the segments each SMS takes')
    .action(
      perform(async ({ open, paint }, { business: wanted }: { business?: string }) => {
        const { run } = await open('current');
        const { business, templates } = await run(async (client) => {
          const chosen = await chooseBusiness(client, wanted);
          return { business: chosen, templates: await listTemplates(client, chosen.id) };
        });
        const rows = templates.map((template) => ({ ...template, ...preview(template, business) }));
        const text = table(
          rows,
          [
            { title: 'template', value: ({ name }) => name },
            { title: 'id', value: ({ id }) => id },
            { title: 'channel', value: ({ channel }) => channel },
            { title: 'service type', value: ({ service_type }) => service_type ?? 'all' },
            { title: 'purpose', value: ({ purpose }) => purpose },
            { title: 'segments', value: ({ sms }) => sms?.segments ?? null, align: 'right' },
            { title: 'check', value: describeVerdict },
          ],
          (titles) => paint('bold', titles),
          'No texts yet. A copied preset brings its own (touchline campaign copy gentle); touchline template set writes one.',
        );
        const document = rows.map(({ example: _example, ...row }) => row);
        return { text, document: { business_id: business.id, templates: document } };
      }),
    );
}

export function addTemplate(parent: Command, perform: Perform): void {
  const template = parent.command('template').description('list, write and check the texts of messages');
  addList(template, perform);
  addTemplateSet(template, perform);
  addTemplateCheck(template, perform);
}

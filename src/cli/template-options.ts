// The options with which `template set` and `template check` take a text.
import { type Command, Option } from 'commander';
import {
  type Channel,
  channels,
  type ServiceType,
  serviceTypes,
  type TemplatePurpose,
  templatePurposes,
} from '../generated/rows.ts';
import type { Io } from './io.ts';
import { readText } from './read-text.ts';

export interface TextOptions {
  channel?: Channel;
  serviceType?: ServiceType | 'all';
  purpose?: TemplatePurpose;
  subject?: string;
  body?: string;
  bodyFile?: string;
}

export function addTextOptions(command: Command): Command {
  return command
    .addOption(new Option('--channel <channel>', 'fixed once the text is made').choices(channels))
    .addOption(
      new Option('--purpose <purpose>', 'what it is for; a first message has more to say').choices(templatePurposes),
    )
    .option('--subject <text>', 'of an email')
    .addOption(new Option('--body <text>', 'the text itself').conflicts('bodyFile'))
    .option('--body-file <file>', 'a file with the text; - reads standard input');
}

export function addServiceTypeOption(command: Command): Command {
  const meaning = 'the kind of jobs it speaks about';
  return command.addOption(new Option('--service-type <type>', meaning).choices([...serviceTypes, 'all']));
}

/** The text, wherever it comes from; undefined when the options give none. */
export async function readBody(io: Io, { body, bodyFile }: TextOptions): Promise<string | undefined> {
  return bodyFile === undefined ? body : readText(io, bodyFile);
}

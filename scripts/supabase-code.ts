// Writes the code of sql/ into a Supabase project's supabase/migrations, as `touchline init --supabase` does:
//
//   npx tsx scripts/supabase-code.ts FOLDER             writes <later version>_touchline_code_<build>.sql there
//   npx tsx scripts/supabase-code.ts FOLDER --check     exit 1 when the project's file differs from this package's code
//
// The package holds the same file under dist/supabase, with a version of its own; here it gets one that is later than the
// project's other migrations, which is what `supabase db push` asks for.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { supabaseCodeMigration } from '../src/db/migrate/supabase-code.ts';
import { nextStamp } from './new.ts';

function main(folder: string | undefined, checkOnly: boolean): number {
  if (folder === undefined || !existsSync(folder)) {
    console.error('Usage: npx tsx scripts/supabase-code.ts FOLDER [--check], where FOLDER is a supabase/migrations.');
    return 2;
  }
  const names = readdirSync(folder).filter((name) => /^\d{14}_.*\.sql$/.test(name));
  const { fileName, text } = supabaseCodeMigration(nextStamp(names, new Date()));
  const suffix = fileName.slice(14);
  const present = names.find((name) => name.endsWith(suffix));
  const path = join(folder, present ?? fileName);
  if (!checkOnly) {
    writeFileSync(path, text);
    console.log(path);
    return 0;
  }
  if (present === undefined) console.error(`${folder} has no file for this build: …${suffix} is missing.`);
  else if (readFileSync(path, 'utf8') !== text) console.error(`${path} differs from the code of this package.`);
  else return 0;
  return 1;
}

const [folder, ...flags] = process.argv.slice(2);
process.exitCode = main(folder, flags.includes('--check'));

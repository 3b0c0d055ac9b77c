// A URL as it may be shown: addresses of databases and mail servers have passwords in them.

/** Stands for what is not shown. */
export const hiddenValue = '(set, hidden)';

// What may follow the ? of a URL and be seen. Everything else may be a secret: half a password that held a ?, for one.
const openParameters =
  /^(?:host|port|application_name|connect_timeout|options|schema|sslmode|sslnegotiation|channel_binding)$/;

/** A URL without its password, and without parameters that are not known to be harmless. */
export function redactUrl(value: string): string {
  if (!URL.canParse(value)) return hiddenValue;
  const url = new URL(value);
  if (url.password !== '') url.password = '***';
  if (url.hash !== '') url.hash = '***';
  const all = [...url.searchParams.keys()];
  if (all.length > 0 && !all.every((name) => openParameters.test(name))) url.search = '***';
  return url.href;
}

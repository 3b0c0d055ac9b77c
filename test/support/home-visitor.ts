// One browser without a screen: it asks the pages, keeps cookies and follows nothing.
import type { homeApp } from './home-app.ts';

/** What every browser says about a form that stands on the page it was sent from. */
const own = { 'sec-fetch-site': 'same-origin' };

export interface Visitor {
  cookies: Map<string, string>;
  ask(path: string, init?: RequestInit): Promise<Response>;
  textOf(path: string): Promise<string>;
  post(path: string, fields?: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  signIn(link?: string): Promise<Response>;
}

export function visitor(app: ReturnType<typeof homeApp>): Visitor {
  const cookies = new Map<string, string>();
  const ask: Visitor['ask'] = async (path, init = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie === '' ? {} : { cookie }), ...(init.headers as Record<string, string>) };
    const answer = await app.request(path, { ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  const post: Visitor['post'] = (path, fields = {}, headers = own) =>
    ask(path, { method: 'POST', headers, body: new URLSearchParams(fields) });
  return {
    cookies,
    ask,
    textOf: async (path) => (await ask(path)).text(),
    post,
    signIn: (link = 'good') => post(`/sign-in/${link}`),
  };
}

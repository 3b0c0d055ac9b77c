// How a provider reports on messages: in order or not, once or more often, even before it has answered the submission.

export interface CallbackPlan {
  /** Before the submission is answered. */
  early?: boolean;
  /** How often each report is sent. Default 1. */
  times?: number;
  /** The last news first. */
  reversed?: boolean;
}

/** Reports as they are sent. */
export function arrange<T>(reports: readonly T[], { times = 1, reversed = false }: CallbackPlan): T[] {
  const ordered = reversed ? reports.toReversed() : reports;
  return Array.from({ length: times }, () => ordered).flat();
}

export interface CallbackResult {
  status: number;
  body: string;
}

/** Delivers one report; a receiver that is down hears nothing, as with the real ones that give up. */
export async function deliver(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<CallbackResult | undefined> {
  try {
    const response = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(10_000) });
    return { status: response.status, body: await response.text() };
  } catch {
    return undefined;
  }
}

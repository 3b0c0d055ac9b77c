/** What a provider says to an account that sends nothing yet. */
export interface Check {
  ok: boolean;
  words: string;
}

// What the fake providers take from us.

export const accounts = {
  callbackSecret: 'a secret of the crash campaign, long enough',
  resendKey: 're_crash',
  twilioSid: `AC${'0'.repeat(32)}`,
  twilioToken: 'crash-token',
} as const;

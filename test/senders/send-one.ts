// Sends one mail to the server of its first argument and prints the outcome: a process of its own, whose environment says whom to trust.
import { type MailServer, smtpSender } from '../../src/senders/smtp.ts';
import { newEmail } from './messages.ts';

const server = JSON.parse(process.argv[2] ?? '') as MailServer;
const sender = smtpSender({ server, from: 'hello@brightwater.example', connections: 1 });
console.log(JSON.stringify(await sender.send(newEmail(), new AbortController().signal)));
sender.close();

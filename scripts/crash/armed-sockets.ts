// Points inside a conversation with a provider: half of a request written, and an answer that came and was not read. Sockets to
// the providers' ports are held there while the fault happens.
import { Socket } from 'node:net';
import type { Armed } from './arm.ts';
import type { Provider } from './points.ts';

type Write = typeof Socket.prototype.write;
type Push = typeof Socket.prototype.push;

// The last line is a chunk of its own.
const endOfMail = /(?:^|\n)\.\r\n$/;

/** Whether this chunk begins to hand a message over, and whether it ends it. */
function partOf(provider: Provider, chunk: string): { begins: boolean; ends: boolean } {
  if (provider === 'smtp') return { begins: /^message-id:/im.test(chunk), ends: endOfMail.test(chunk) };
  const posts = chunk.startsWith('POST ');
  return { begins: posts, ends: posts };
}

function textOf(chunk: unknown): string {
  if (typeof chunk === 'string') return chunk;
  return chunk instanceof Uint8Array ? Buffer.from(chunk).toString('latin1') : '';
}

interface Held {
  /** What is to be done on the socket when the fault is over. */
  waiting: (() => void)[] | null;
  /** A message was written whole and its answer has not come. */
  answerAwaited: boolean;
}

/** Arms every socket of this process to one of the ports. */
export function armSockets(portsOf: ReadonlyMap<number, Provider>, armed: Armed): void {
  const states = new WeakMap<Socket, Held>();
  const stateOf = (socket: Socket): Held => {
    const state = states.get(socket) ?? { waiting: null, answerAwaited: false };
    states.set(socket, state);
    return state;
  };
  const hold = (
    state: Held,
    point: 'partly_written' | 'response_not_received',
    provider: Provider,
    first: () => void,
  ): void => {
    state.waiting = [first];
    void armed.pass(point, provider).then(() => {
      const { waiting } = state;
      state.waiting = null;
      for (const act of waiting ?? []) act();
    });
  };
  const write: Write = Socket.prototype.write;
  const push: Push = Socket.prototype.push;
  const providerOf = (socket: Socket): Provider | undefined => portsOf.get(socket.remotePort ?? 0);

  Socket.prototype.write = function (this: Socket, ...args: unknown[]): boolean {
    const go = (parts: unknown[]): boolean => Reflect.apply(write, this, parts) as boolean;
    const provider = providerOf(this);
    if (provider === undefined) return go(args);
    const state = stateOf(this);
    if (state.waiting !== null) {
      state.waiting.push(() => void go(args));
      return true;
    }
    const text = textOf(args[0]);
    const { begins, ends } = partOf(provider, text);
    if (ends) state.answerAwaited = true;
    if (!begins || !armed.awaits('partly_written', provider)) return go(args);
    const bytes = Buffer.from(text, 'latin1');
    const half = Math.ceil(bytes.length / 2);
    go([bytes.subarray(0, half)]);
    const rest = [bytes.subarray(half), ...args.slice(typeof args[1] === 'string' ? 2 : 1)];
    hold(state, 'partly_written', provider, () => void go(rest));
    return true;
  } as Write;

  Socket.prototype.push = function (this: Socket, ...args: unknown[]): boolean {
    const go = (): boolean => Reflect.apply(push, this, args) as boolean;
    const provider = providerOf(this);
    if (provider === undefined) return go();
    const state = stateOf(this);
    if (state.waiting !== null) {
      state.waiting.push(() => void go());
      return true;
    }
    if (!state.answerAwaited || args[0] === null) return go();
    state.answerAwaited = false;
    if (!armed.awaits('response_not_received', provider)) return go();
    hold(state, 'response_not_received', provider, () => void go());
    return true;
  } as Push;
}

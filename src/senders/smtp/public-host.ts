// Which mail servers a business may name: public ones only, and the one that was looked at is the one that is connected to, so that
// no name can lead into the network of this server (S25).
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

const ranges: readonly [string, number, 'ipv4' | 'ipv6'][] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  // All but what is routed publicly, without the ranges in it that carry an IPv4 address or are for examples.
  ['::', 3, 'ipv6'],
  ['4000::', 2, 'ipv6'],
  ['8000::', 1, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
];

// One list for each: in a common one the ranges of IPv6 hold for IPv4 too.
const notPublic = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [net, prefix, family] of ranges) notPublic[family].addSubnet(net, prefix, family);

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return isIP(address) !== 0 && !notPublic[family].check(address, family);
}

/** The address to connect to for a host; undefined where it, or one of several, is not public. */
export async function publicAddressOf(host: string): Promise<string | undefined> {
  const found = await lookup(host, { all: true });
  return found.every(({ address }) => isPublicAddress(address)) ? found[0]?.address : undefined;
}

#!/usr/bin/env -S node --max-semi-space-size=4
// Old syntax on purpose: a Node that is too old must still be able to read this file and say so in one line.
// Everything modern is in launch.js, which is only parsed once the version is known to be enough.
var needed = [20, 19];
var running = process.versions.node.split('.').map(Number);

if (running[0] > needed[0] || (running[0] === needed[0] && running[1] >= needed[1])) {
  import('./launch.js');
} else {
  console.error(
    'Touchline needs Node.js ' +
      needed.join('.') +
      ' or newer, but this is ' +
      process.versions.node +
      ' (' +
      process.execPath +
      '). Install a newer one from https://nodejs.org and run the command again.',
  );
  process.exitCode = 1;
}

#!/usr/bin/env node
require('./on-node.js');
// A terminal waits for this one each time that it draws its status line.
if (process.argv[2] !== 'left' || !require('../cli/quick/left.js').run(process)) {
  // What npm calls must be plain JavaScript: tsx compiles the rest as it is loaded, and keeps what it compiled.
  require('tsx/cjs');
  require('./spend-guard.ts');
}

#!/usr/bin/env node
require('./on-node.js');
// A terminal waits for this one each time that it draws its status line, and what npm calls must be plain JavaScript.
if (process.argv[2] !== 'left' || !require('../cli/quick/left.js').run(process)) require('./program.js');

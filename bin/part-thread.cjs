/** A thread that reads parts of files, from its bundle. */
'use strict';
const { join } = require('node:path');

require('./launch.cjs').load(join(__dirname, '../dist/part-thread.cjs'));

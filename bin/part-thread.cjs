/** A thread that reads parts of files, from its bundle. */
'use strict';
const path = require('node:path');

require('./launch.cjs').load(path.join(__dirname, '../dist/part-thread.cjs'));

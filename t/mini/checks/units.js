'use strict';

/* unit/*.test.js: each in a process of its own, as WeChat's simulator wants it. */

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const FOLDER = path.join(__dirname, '../unit');

/* The first sentence of the comment a file opens with. */
function title(file) {
    const found = /\/\* ([\s\S]*?) ?\*\//.exec(fs.readFileSync(file, 'utf8'));

    return found[1].replace(/\s+/g, ' ').replace(/\.$/, '');
}

module.exports = async ({ assert, comment, test }) => {
    for (const name of fs.readdirSync(FOLDER).filter((one) => one.endsWith('.test.js'))) {
        const file = path.join(FOLDER, name);

        await test(`${name}: ${title(file)}`, () => {
            const { status, stdout, stderr } = spawnSync(process.execPath,
                ['--test', '--test-reporter=tap', file], { encoding: 'utf8' });
            const count = /^# pass (\d+)/m.exec(stdout);

            comment(`${count ? count[1] : 0} tests`);
            assert.equal(status, 0, `${stdout}\n${stderr}`);
            assert.ok(Number(count[1]) > 0, 'no test was run');
        });
    }
};

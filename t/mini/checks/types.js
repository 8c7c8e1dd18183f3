'use strict';

/* tsc with WeChat's own typings finds calls that do not exist. */

const { spawnSync } = require('node:child_process');
const path = require('node:path');

const HERE = path.join(__dirname, '..');

module.exports = async ({ assert, test }) => {
    await test('tsc --checkJs with miniprogram-api-typings has nothing to say', () => {
        const { status, stdout } = spawnSync(process.execPath, [
            path.join(HERE, 'node_modules/typescript/bin/tsc'), '-p', path.join(HERE, 'tsconfig.json')
        ], { encoding: 'utf8' });

        /* those of the web site are not written for these typings */
        const said = stdout.split('\n').filter((line) => /error TS/.test(line)
            && !line.includes('/utils/shared/'));

        assert.ok(stdout !== '' || status === 0);
        assert.deepEqual(said, []);
    });
};

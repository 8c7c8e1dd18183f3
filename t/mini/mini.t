#!/usr/bin/env node
'use strict';

/*
 * The mini program: its folder, its types, its parts in WeChat's simulator,
 * then its unchanged sources in Chromium against nginx with the module, the
 * manual's part 1 from beginning to end.  MEMBERCERT_SHOTS=folder keeps
 * pictures.
 */

const assert = require('node:assert/strict');

const { Demo } = require('../web/lib/demo.js');
const { comment, done, skipAll, test } = require('../web/lib/tap.js');
const { WeChat } = require('./lib/phone.js');

const CHECKS = ['folder', 'types', 'units'];
const STEPS = ['login', 'certificate', 'photo', 'comparison', 'profile', 'account', 'network', 'look'];

const missing = WeChat.missing();

if (missing) {
    skipAll(missing);
}

const demo = new Demo();
const wechat = new WeChat();
const wanted = process.argv.slice(2);
const chosen = (names) => names.filter((name) => !wanted.length || wanted.includes(name));

async function end() {
    await wechat.stop();
    await demo.stop();
}

async function main() {
    for (const name of chosen(CHECKS)) {
        await require(`./checks/${name}.js`)({ assert, comment, test });
    }

    if (!chosen(STEPS).length) {
        return;
    }

    await demo.start();
    await wechat.start(demo.url);

    for (const name of chosen(STEPS)) {
        await require(`./steps/${name}.js`)({ assert, comment, demo, test, wechat });
    }

    await test('no script failed and nothing was warned of', () => {
        assert.deepEqual(wechat.complaints, []);
    });
}

for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => end().finally(() => process.exit(1)));
}

main().catch((error) => test('the tests could run', () => { throw error; }))
    .finally(end)
    .catch((error) => comment(error.stack))
    .finally(done);

#!/usr/bin/env node
'use strict';

/*
 * A member's whole way through the site and an officer's day at the desk in
 * Chromium, against nginx with the module, on demo data of its own.
 * MEMBERCERT_SHOTS=folder keeps pictures; names of steps on the command line
 * run only those.
 */

const assert = require('node:assert/strict');

const { Browser } = require('./lib/browser.js');
const { Demo } = require('./lib/demo.js');
const { comment, done, skipAll, test } = require('./lib/tap.js');

const STEPS = ['login', 'mini', 'certificate', 'profile', 'photo', 'comparison', 'helper', 'hostile',
    'preview', 'scan', 'verify', 'history', 'officer', 'officer-member', 'desk-certificate',
    'recovery', 'account', 'confirm', 'institute-code', 'automatic', 'failure', 'look'];

const wanted = process.argv.slice(2);
const missing = Browser.missing();

if (missing) {
    skipAll(missing);
}

const demo = new Demo();
const browser = new Browser();

async function end() {
    await browser.stop();
    await demo.stop();
}

async function main() {
    await demo.start();
    browser.url = demo.url;
    await browser.start();

    for (const name of STEPS.filter((one) => !wanted.length || wanted.includes(one))) {
        await require(`./steps/${name}.js`)({ assert, browser, comment, demo, test });
    }

    await test('no script failed and the content policy was never broken', () => {
        assert.deepEqual(browser.complaints, []);
    });
}

for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => end().finally(() => process.exit(1)));
}

main().catch((error) => test('the tests could run', () => { throw error; }))
    .finally(end)
    .catch((error) => comment(error.stack))
    .finally(done);

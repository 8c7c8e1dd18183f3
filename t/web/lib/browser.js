'use strict';

/*
 * Chromium and a member in front of it.  Every page that is opened has its
 * console watched: an error of a script or a breach of the content policy
 * fails the last test.
 */

const fs = require('node:fs');
const path = require('node:path');

const PASSWORD = 'membercert-2026';
const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/* The browser notes every refusal, and a network that is off; those are what
 * the tests ask for. */
const REFUSED = /^Failed to load resource: (the server responded with a status of [45]\d\d|net::ERR_INTERNET_DISCONNECTED)/;

class Member {
    constructor(browser, context, page) {
        this.browser = browser;
        this.context = context;
        this.page = page;
    }

    /*
     * From the next page on: what is sent with PUT, and how it is answered.
     * The protocol does not show the bytes of a file.
     */
    watchPut() {
        return this.page.addInitScript(() => {
            const send = window.fetch;

            window.puts = [];
            window.fetch = async (url, options) => {
                const put = options?.method === 'PUT' ? { url: String(url), status: 0 } : null;

                if (put) {
                    put.bytes = [...new Uint8Array(await options.body.arrayBuffer())];
                }

                const answer = await send(url, options);

                if (put) {
                    window.puts.push({ ...put, status: answer.status });
                }

                return answer;
            };
        });
    }

    /* The puts so far: { url, status, bytes }. */
    async puts() {
        const all = await this.page.evaluate(() => window.puts);

        return all.map((put) => ({ ...put, bytes: Buffer.from(put.bytes) }));
    }

    /* The next put whose address has "query", caused by "doing". */
    async put(query, doing) {
        const past = await this.page.evaluate(() => window.puts.length);

        await doing();
        await this.page.waitForFunction(([n, part]) =>
            window.puts.slice(n).some((put) => put.url.includes(part)), [past, query]);

        return (await this.puts()).slice(past).findLast((put) => put.url.includes(query));
    }

    async open(hash = '') {
        await this.page.goto(`${this.browser.url}/${hash}`);
        await this.page.locator('#page h1').first().waitFor();
    }

    async logIn(number, { type = 'nonpractising', password = PASSWORD } = {}) {
        await this.open();
        await this.page.locator('select[name=user_type]').selectOption(type);
        await this.page.locator('input[name=member_no]').fill(number);
        await this.page.locator('input[name=password]').fill(password);
        await this.page.locator('form button[type=submit]').click();
    }

    /* Logged in and on the certificate page. */
    async enter(number, options) {
        await this.logIn(number, options);
        await this.confirmButton().waitFor();
    }

    confirmButton() {
        return this.page.locator('#confirm');
    }

    dialog() {
        return this.page.locator('dialog[open]');
    }

    async pressInDialog(words) {
        await this.dialog().getByRole('button', { name: words, exact: true }).click();
    }

    menu(words) {
        return this.page.locator('#menu').getByRole('link', { name: words, exact: true });
    }

    text(selector = '#page') {
        return this.page.locator(selector).innerText();
    }

    async shot(name, fullPage = true) {
        const folder = process.env.MEMBERCERT_SHOTS;

        if (folder) {
            fs.mkdirSync(folder, { recursive: true });
            await this.page.waitForTimeout(300);    // let what appears arrive
            await this.page.screenshot({ path: path.join(folder, `${name}.png`), fullPage });
        }
    }

    leave() {
        return this.context.close();
    }
}

class Browser {
    constructor(url) {
        this.url = url;
        this.complaints = [];
    }

    static missing() {
        return fs.existsSync(CHROMIUM) ? null : `no ${CHROMIUM}`;
    }

    async start() {
        const { chromium } = require('playwright-core');

        this.chromium = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
    }

    stop() {
        return this.chromium?.close();
    }

    async member({ width = 1280, height = 860, locale = 'zh-CN', ...options } = {}) {
        const context = await this.chromium.newContext({
            viewport: { width, height }, locale, acceptDownloads: true, ...options
        });

        context.setDefaultTimeout(15000);
        context.on('console', (message) => {
            if (message.type() === 'error' && !REFUSED.test(message.text())) {
                this.complaints.push(message.text());
            }
        });
        context.on('weberror', (error) => this.complaints.push(error.error().stack));

        return new Member(this, context, await context.newPage());
    }
}

module.exports = { Browser, PASSWORD };

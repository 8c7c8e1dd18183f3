'use strict';

/*
 * A phone with the mini program on it: Chromium in the size of one, its
 * network in this process (no cookies, no origin, as WeChat does it), what
 * the member does outside the page noted.
 */

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const { bundle, served } = require('./bundle.js');

const PASSWORD = 'membercert-2026';
const ADDRESS = 'http://mini.invalid';
const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css' };
const REFERER = 'https://servicewechat.com/touristappid/devtools/page-frame.html';
const BROWSER = path.join(__dirname, '../browser');

/* One request as the phone sends it; { statusCode, header, body } or { error }. */
function send({ method, url, header, body, timeout }) {
    return new Promise((resolve) => {
        const data = Buffer.from(body, 'base64');
        const request = http.request(url, {
            method, timeout, agent: false,
            headers: { Referer: REFERER, ...header, ...(data.length && { 'Content-Length': data.length }) }
        }, (response) => {
            const parts = [];

            response.on('data', (part) => parts.push(part));
            response.on('error', (error) => resolve({ error: error.message }));
            response.on('end', () => resolve({
                statusCode: response.statusCode, header: response.headers,
                body: Buffer.concat(parts).toString('base64')
            }));
        });

        request.on('timeout', () => {
            resolve({ error: 'timeout' });
            request.destroy();
        });
        request.on('error', (error) => resolve({ error: error.message }));
        request.end(data);
    });
}

/* An answer as a test writes it, as the phone reads it. */
function plain(made) {
    if (made.error || made.statusCode) {
        return made;
    }

    const { status = 200, json, body = '', header = {} } = made;
    const type = status < 400 ? 'application/json' : 'application/problem+json';

    return {
        statusCode: status, header: { ...(json && { 'content-type': type }), ...header },
        body: Buffer.from(json ? JSON.stringify(json) : body).toString('base64')
    };
}

/* What the service says when it refuses. */
const refusal = (status, code, detail, more = {}) => ({
    status, json: { status, code, detail, errors: [{ code, detail }], ...more }
});

class Phone {
    constructor(owner, context, page) {
        this.owner = owner;
        this.context = context;
        this.page = page;
        this.sent = [];
        this.documents = [];
        this.shared = [];
        this.album = [];
        this.calls = [];
        this.clipboard = [];
        this.picture = null;
        this.asked = [];
        this.knowsPrivacy = true;
        this.rules = [];
    }

    /*
     * From now on what is asked for by "METHOD path" (a pattern) is answered
     * by "answer": { status, json | body, header }, { error: 'timeout' }, or a
     * function of the request, its number, and the way to the real service.
     * "times" of them; the returned function ends it.
     */
    on(pattern, answer, times = Infinity) {
        const rule = { pattern, answer, left: times, count: 0 };

        this.rules.unshift(rule);

        return () => { rule.left = 0; };
    }

    async network(request) {
        const words = `${request.method} ${request.url.replace(this.owner.url, '').replace('/api/', '')}`;
        const rule = this.rules.find((one) => one.left > 0 && one.pattern.test(words));

        if (!rule) {
            return send(request);
        }

        rule.left -= 1;
        rule.count += 1;

        const made = typeof rule.answer === 'function'
            ? await rule.answer(request, rule.count, send) : rule.answer;

        return plain(made);
    }

    async native(name, value) {
        switch (name) {
        case 'request': {
            const entry = { method: value.method, path: value.url.replace(this.owner.url, ''), header: value.header, body: value.body };

            this.sent.push(entry);

            const answer = await this.network(value);

            entry.status = answer.statusCode || answer.error;

            return answer;
        }
        case 'choose':
            this.asked.push(value);

            return this.picture && this.picture.toString('base64');
        case 'document':
            this.documents.push({ ...value, data: Buffer.from(value.data, 'base64') });
            return null;
        case 'share':
            this.shared.push({ ...value, data: Buffer.from(value.data, 'base64') });
            return null;
        case 'album':
            this.album.push(Buffer.from(value, 'base64'));
            return null;
        case 'call':
            this.calls.push(value);
            return null;
        case 'clipboard':
            this.clipboard.push(value);
            return null;
        case 'privacyKnown':
            return this.knowsPrivacy;
        case 'privacyAgreed':
            this.knowsPrivacy = true;
            return null;
        default:
            return null;
        }
    }

    async start() {
        await this.page.goto(`${ADDRESS}/${this.font ? `?font=${this.font}` : ''}`);
        await this.page.locator('page:not([hidden])').first().waitFor({ state: 'attached' });
    }

    /* The page on top. */
    get top() {
        return this.page.locator('page:not([hidden])');
    }

    /* What "method path" was sent, so far. */
    requests(pattern) {
        return this.sent.filter((one) =>
            pattern.test(`${one.method} ${one.path.replace('/api/', '')}`));
    }

    text(words) {
        return this.top.getByText(words, { exact: true });
    }

    words() {
        return this.top.innerText();
    }

    /* Fills what the login page asks, and sends it. */
    async logIn(number, { type, password = PASSWORD } = {}) {
        await this.at('login');

        if (type) {
            await this.choose('用户类型', type);
        }

        await this.field('会员编号').fill(number);
        await this.field('密码').fill(password);
        await this.prove();
        await this.top.locator('wx-button').filter({ hasText: '登录' }).click();
    }

    /* Where a captcha is asked: the proof of work, for real. */
    async prove() {
        await this.page.waitForFunction(() => getCurrentPages().at(-1).data.types.length);

        const box = this.top.locator('.captcha-box');

        if (await box.count()) {
            const way = box.getByText('看不清？改用自动验证');

            if (await way.count()) {
                await way.click();
            }

            await box.getByText('自动验证已完成').waitFor({ timeout: 30000 });
        }
    }

    async enter(number, options) {
        await this.start();
        await this.logIn(number, options);
        await this.at('home');
    }

    async choose(label, words) {
        await this.top.locator(`[role=button][aria-label^="${label} "]`).click();
        await this.page.locator(`[role=dialog][aria-label="${label}"] [role=radio]`)
            .filter({ hasText: words }).click();
        await this.page.locator('[role=dialog] [role=button]').filter({ hasText: '确定' }).click();
    }

    /* The prompt's words, once there is one. */
    async prompted() {
        await this.dialog().waitFor();

        return this.dialog().innerText();
    }

    async press(words) {
        await this.dialog().locator('wx-button').filter({ hasText: words }).click();
    }

    back() {
        return this.page.locator('#back').click();
    }

    button(words) {
        return this.top.locator('wx-button, [role=button], [role=link]').filter({ hasText: words });
    }

    tap(words) {
        return this.button(words).first().click();
    }

    field(label) {
        return this.top.locator(`[aria-label="${label}"] > input`).first();
    }

    dialog() {
        return this.top.locator('[role=alertdialog]');
    }

    route() {
        return this.page.evaluate(() => getCurrentPages().at(-1).route);
    }

    async at(route) {
        await this.page.waitForFunction((wanted) =>
            getCurrentPages().at(-1)?.route === wanted, `pages/${route}/index`);
    }

    async shot(name, fullPage = false) {
        const folder = process.env.MEMBERCERT_SHOTS;

        if (folder) {
            fs.mkdirSync(folder, { recursive: true });

            if (fullPage) {
                await this.page.evaluate(() => scrollTo(0, 0));    // the title bar is where the page begins
            }

            await this.page.waitForTimeout(250);
            await this.page.screenshot({ path: path.join(folder, `${name}.png`), fullPage });
        }
    }

    leave() {
        return this.context.close();
    }
}

class WeChat {
    constructor() {
        this.complaints = [];
    }

    static missing() {
        return fs.existsSync(CHROMIUM) ? null : `no ${CHROMIUM}`;
    }

    async start(url) {
        const { chromium } = require('playwright-core');

        this.url = url;
        this.files = new Map(Object.entries(served()).map(([name, file]) => [name, fs.readFileSync(file)]));
        this.files.set('/bundle.js', bundle());

        for (const name of fs.readdirSync(BROWSER)) {
            this.files.set(`/${name}`, fs.readFileSync(path.join(BROWSER, name)));
        }

        this.chromium = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
    }

    stop() {
        return this.chromium?.close();
    }

    serve(route) {
        const { pathname } = new URL(route.request().url());
        const body = this.files.get(pathname);
        const kind = pathname === '/' ? 'html' : pathname.split('.').at(-1);

        return body === undefined ? route.fulfill({ status: 404 })
            : route.fulfill({ body, contentType: `${TYPES[kind]}; charset=utf-8` });
    }

    /* "host" is put into config.js of the folder, which names none. */
    async phone({ width = 390, height = 800, locale = 'zh-CN', dark = false, font = 0,
        deviceScaleFactor = 2, host = this.url } = {}) {
        const context = await this.chromium.newContext({
            viewport: { width, height }, locale, hasTouch: false, deviceScaleFactor,
            colorScheme: dark ? 'dark' : 'light'
        });
        const phone = new Phone(this, context, await context.newPage());

        phone.font = font;
        context.setDefaultTimeout(15000);
        await context.route(`${ADDRESS}/**`, (route) => this.serve(route));
        await context.exposeFunction('native', (name, value) => phone.native(name, value));
        await context.addInitScript((at) => { window.__host = at; }, host);
        context.on('console', (message) => {
            if (message.type() === 'error' || message.type() === 'warning') {
                this.complaints.push(message.text());
            }
        });
        context.on('weberror', (error) => this.complaints.push(error.error().stack));

        return phone;
    }
}

module.exports = { PASSWORD, refusal, WeChat };

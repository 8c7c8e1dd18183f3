'use strict';

/*
 * What the tests of the officer's desk need: people of their own, officers
 * with their one-time codes, photos that wait, a browser at the desk.
 */

const { execFileSync } = require('node:child_process');
const { createHmac } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const { PASSWORD } = require('./browser.js');
const { TOP } = require('./demo.js');
const { proof } = require('./proof.js');

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30000;
const HEAD = 'user_type,member_no,name,sex,certificate_no,category,admitted_on,institute,'
    + 'status,id_number,phone,email,work_unit,address,postcode';

function base32(text) {
    const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0'))
        .join('');

    return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/* RFC 6238, SHA-1, 6 digits; "ahead" steps from now. */
function totp(secret, ahead = 0) {
    const counter = Buffer.alloc(8);

    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + ahead));

    const hash = createHmac('sha1', base32(secret)).update(counter).digest();
    const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;

    return String(number % 1000000).padStart(6, '0');
}

/* GB 11643: seventeen digits and their check. */
function idNumber(n) {
    const digits = `33010219800101${String(n).padStart(3, '0')}`;
    const sum = [...digits].reduce((all, digit, i) => all + digit * (2 ** (17 - i) % 11), 0);

    return digits + '10X98765432'[sum % 11];
}

class Desk {
    constructor(demo, browser) {
        this.demo = demo;
        this.browser = browser;
        this.officers = 0;
    }

    ctl(input, ...words) {
        return execFileSync(path.join(TOP, 'build/membercertctl'),
            ['-c', this.demo.file('nginx.conf'), ...words],
            { env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }, encoding: 'utf8', input });
    }

    /* Members: [number, name, institute, date of admission]. */
    people(list) {
        const file = this.demo.file('people.csv');

        fs.writeFileSync(file, `${[HEAD, ...list.map(([number, name, institute, admitted], i) =>
            `nonpractising,${number},${name},男,D${number},个人会员,${admitted},${institute},正常,`
            + `${idNumber(i)},1390000${String(1000 + i)},,示例公司,示例路${i + 1}号,100000`)].join('\n')}\n`);
        this.ctl('', 'import', 'members', file);

        for (const [number] of list) {
            this.ctl(`${PASSWORD}\n`, 'member', 'passwd', number, '--own');
        }
    }

    /* A new one each time: a code opens the desk once. */
    officer(...where) {
        const name = `officer${this.officers += 1}`;
        const words = this.ctl(`${PASSWORD}\n`, 'officer', 'add', name, ...where);

        return { name, secret: /\b[A-Z2-7]{32}\b/.exec(words)[0] };
    }

    /* Another photo of the same person. */
    portrait(person, variant) {
        return this.demo.portrait(variant, String(person));
    }

    /* As the member's phone does it; answers the id of the photo. */
    async upload(number, jpeg) {
        const call = async (method, route, type, body, token) => {
            const answer = await fetch(`${this.demo.url}/api/${route}`, {
                method, body,
                headers: { 'Content-Type': type, ...(token && { Authorization: `Bearer ${token}` }) }
            });

            if (!answer.ok) {
                throw new Error(`${method} ${route}: ${answer.status} ${await answer.text()}`);
            }

            return answer.status === 204 ? null : answer.json();
        };
        const json = (value) => ['application/json', JSON.stringify(value)];
        const { token } = await call('POST', 'session', ...json({
            user_type: 'nonpractising', member_no: number, password: PASSWORD, client: 'mini',
            captcha: await proof(this.demo.url)
        }));
        const { privacy } = await (await fetch(`${this.demo.url}/api/site`)).json();

        await call('POST', 'consent', ...json({
            document: 'privacy', version: privacy.version, accepted: true
        }), token);
        await call('PUT', 'photo?declare=1', 'image/jpeg', jpeg, token);
        await call('DELETE', 'session', 'application/json', undefined, token);

        return Number(this.demo.waitingPhotos().at(-1));
    }

    async visit(options) {
        const member = await this.browser.member(options);

        await member.page.goto(`${this.demo.url}/officer/`);
        await member.page.locator('#page h1').first().waitFor();

        return member;
    }

    async logIn({ page }, { name, secret }, { password = PASSWORD, code = totp(secret) } = {}) {
        await page.getByLabel('登录名').fill(name);
        await page.getByLabel('密码').fill(password);
        await page.getByLabel('动态验证码').fill(code);
        await page.keyboard.press('Enter');
    }

    /* At the queue, with a case ready to be decided or none at all. */
    async enter(where, options) {
        const member = await this.visit(options);

        await this.logIn(member, this.officer(...where));
        await this.ready(member);

        return member;
    }

    ready({ page }) {
        return page.locator('.case.empty, .decide[aria-busy=false]').first().waitFor();
    }

    /* Presses keys until the case in hand is another one. */
    async decide(member, ...keys) {
        const { page } = member;
        const before = await page.locator('.queue-item[aria-current]').getAttribute('data-photo');

        for (const key of keys) {
            await page.keyboard.press(key);
        }

        await page.waitForFunction((was) => document.querySelector(
            '.queue-item[aria-current]')?.dataset.photo !== was, before);
        await this.ready(member);
    }
}

module.exports = { Desk, totp };

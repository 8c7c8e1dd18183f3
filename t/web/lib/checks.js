'use strict';

/*
 * What the tests of the check page need: members with certificates, without
 * a browser; files that were tampered with; a phone before the page.
 */

const { proof } = require('./proof.js');
const { PASSWORD } = require('./browser.js');

/* A member's client: call(method, route, body) answers JSON or bytes. */
async function logIn(url, number) {
    async function call(method, route, body, token) {
        const answer = await fetch(`${url}/api/${route}`, {
            method,
            body: body && JSON.stringify(body),
            headers: {
                ...(body && { 'Content-Type': 'application/json' }),
                ...(token && { Authorization: `Bearer ${token}` })
            }
        });

        if (!answer.ok) {
            throw new Error(`${method} ${route}: ${answer.status} ${await answer.text()}`);
        }

        return /json/.test(answer.headers.get('Content-Type'))
            ? answer.json() : Buffer.from(await answer.arrayBuffer());
    }

    const { token } = await call('POST', 'session', {
        user_type: 'nonpractising', member_no: number, password: PASSWORD, client: 'mini',
        captcha: await proof(url)
    });

    return (method, route, body) => call(method, route, body, token);
}

/* Confirms what the member sees; answers the row of the list. */
async function confirm(member) {
    const { version } = await member('GET', 'certificate');

    await member('POST', 'certificate', { version });

    return (await member('GET', 'certificates')).certificates[0];
}

/* The same file with another JPEG in it, whatever its cross references. */
function withPhoto(pdf, jpeg) {
    const text = pdf.toString('latin1');
    const filter = text.indexOf('/DCTDecode');
    const begin = text.lastIndexOf(' obj', filter) + 4;
    const data = text.indexOf('stream', filter);
    const from = data + (text[data + 6] === '\r' ? 8 : 7);
    const end = text.indexOf('endstream', from);
    const dictionary = text.slice(begin, data)
        .replace(/\/Length \d+( \d+ R)?/, `/Length ${jpeg.length}`);

    return Buffer.concat([Buffer.from(text.slice(0, begin) + dictionary, 'latin1'),
        Buffer.from('stream\n'), jpeg, Buffer.from(`\n${text.slice(end)}`, 'latin1')]);
}

class Checker {
    constructor(member, url) {
        this.member = member;
        this.page = member.page;
        this.url = `${url}/v/`;
    }

    /* Opens the page anew, as a scan does; answers the state. */
    async scan(fragment) {
        await this.page.goto('about:blank');
        await this.page.goto(`${this.url}#${fragment}`);

        return this.state();
    }

    async state() {
        await this.page.locator('.state-box').waitFor();

        return this.page.locator('.state-box').getAttribute('data-state');
    }

    words() {
        return this.page.locator('.state-word').innerText();
    }

    sign() {
        return this.page.locator('.sign').getAttribute('data-sign');
    }

    /* { name: [on record, in the QR code] ... } */
    async facts() {
        return Object.fromEntries(await this.page.locator('.facts tbody tr').evaluateAll((rows) =>
            rows.map((row) => [row.dataset.key, [...row.querySelectorAll('td')]
                .map((cell) => cell.innerText.trim())])));
    }

    differing() {
        return this.page.locator('.facts .differs').evaluateAll((rows) =>
            rows.map((row) => row.dataset.key));
    }

    /* What is said of a file: names of the findings. */
    async file(name, buffer) {
        await this.page.locator('.file .said').evaluate((said) => said.replaceChildren());
        await this.page.locator('#pdf').setInputFiles({ name, mimeType: 'application/pdf', buffer });
        await this.page.locator('.file [data-found]').first().waitFor();

        return this.page.locator('.file [data-found]').evaluateAll((all) =>
            all.map((one) => one.dataset.found));
    }

    /* From the next page on everything but the network is there. */
    async kept() {
        await this.page.waitForFunction(async () => {
            await navigator.serviceWorker.ready;

            return navigator.serviceWorker.controller?.state === 'activated';
        });
    }
}

module.exports = { Checker, confirm, logIn, withPhoto };
